"""Two pull requests may propose one commit: it shows the worst of their answers, and nobody answers for another."""

import pytest

from pushboat.model.proposal import Answer, left, together
from pushboat.model.state import State, Trigger
from pushboat.model.status import Status
from pushboat.routing import Deploy, Mend, Post, Withdraw
from pushboat.store import deliveries, ending
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, deploy, plan

SUMMARY, STAGING = "pushboat/plan", "pushboat/plan/staging"


def answer(state: State, number: int = 1, said: str = "said") -> Answer:
    """What pull request `number` is told."""
    return Answer(number=number, status=Status(context=SUMMARY, state=state, description=said, path="/plans/1"))


ORDER = (State.FAILED, State.ERRORED, State.CANCELLED, State.RUNNING, State.QUEUED, State.SUCCEEDED)


@pytest.mark.parametrize("place", range(len(ORDER) - 1))
def test_the_worst_answer_stands_whoever_got_it_last(place: int) -> None:
    """A required check never turns green, nor waits, while another pull request of my commit is red."""
    worse, better = ORDER[place], ORDER[place + 1]
    for answers in ((answer(worse, 1), answer(better, 2)), (answer(better, 1), answer(worse, 2))):
        shown = together(answers)
        assert shown is not None
        assert shown.state is worse
        assert shown.description == f"#{next(each.number for each in answers if each.status.state is worse)}: said"


def test_one_answer_is_shown_as_it_is() -> None:
    """Whose it is stands there only where others were answered differently."""
    assert together([answer(State.FAILED)]) == answer(State.FAILED).status
    assert together([answer(State.FAILED), answer(State.FAILED, 2)]) == answer(State.FAILED).status
    assert together([]) is None
    queue = together([answer(State.FAILED, -7), answer(State.SUCCEEDED, 7)])
    assert queue is not None
    assert queue.description == "#7 in the merge queue: said"


def test_what_nobody_asks_about_is_green_and_says_so() -> None:
    """A context that no open pull request asks about blocks nobody; what was merged keeps its good answers."""
    gone = left(answer(State.FAILED))
    assert gone is not None
    assert (gone.state, gone.description) == (State.SUCCEEDED, "no longer proposed")
    assert left(answer(State.SUCCEEDED), merged=True) is None
    pending = left(answer(State.RUNNING), merged=True)
    assert pending is not None
    assert pending.state is State.SUCCEEDED


def told(number: int, state: State, sha: str = "a", said: str = "nothing is affected") -> Post:
    """The summary that a pull request is told."""
    return Post(sha=sha, context=SUMMARY, state=state, description=said, number=number)


def opened(number: int = 1, sha: str = "a") -> tuple[Deploy, Post]:
    """What an opened pull request leads to."""
    return plan(sha, number=number), told(number, State.QUEUED, sha, "planning staging")


def test_a_second_pull_request_does_not_answer_for_the_first(store: Store, repository: Repository) -> None:
    """My commit is red for main; proposing it to dev as well, which nobody follows, leaves it red."""
    (planned,) = repository.route(*opened())
    ending.finish(store, repository.claim(planned), State.FAILED, "no such kind")
    repository.route(told(2, State.SUCCEEDED))
    assert repository.shown("a", SUMMARY)[-1] == ("failed", "#1: staging: no such kind")
    repository.route(Withdraw(number=1))
    assert repository.shown("a", SUMMARY)[-1] == ("succeeded", "nothing is affected")
    assert repository.shown("a", STAGING)[-1] == ("succeeded", "no longer proposed")
    repository.route(Withdraw(number=2))
    assert repository.shown("a", SUMMARY)[-1] == ("succeeded", "no longer proposed")


def test_two_plans_of_one_commit_wait_for_each_other(store: Store, repository: Repository) -> None:
    """Both bases are followed: the commit is pending until both plans are there, and as bad as the worse one."""
    (first,) = repository.route(*opened(1))
    (second,) = repository.route(*opened(2))
    ending.finish(store, repository.claim(first), State.SUCCEEDED, "1 to create")
    assert repository.shown("a", STAGING)[-1][0] == "running" or repository.shown("a", STAGING)[-1][0] == "queued"
    ending.finish(store, repository.claim(second), State.FAILED, "conflicts with main")
    assert repository.shown("a", STAGING)[-1] == ("failed", "#2: conflicts with main")
    assert repository.shown("a", SUMMARY)[-1] == ("failed", "#2: staging: conflicts with main")
    (again,) = repository.route(*opened(2))
    ending.finish(store, repository.claim(again), State.SUCCEEDED, "1 to create")
    assert repository.shown("a", STAGING)[-1] == ("succeeded", "1 to create"), "a replay has recomputed it"


def test_retargeting_lets_go_of_what_the_other_base_asked(store: Store, repository: Repository) -> None:
    """I retarget my pull request while it is planned: the plan for the old base has nothing to say any more."""
    (planned,) = repository.route(*opened())
    claim = repository.claim(planned)
    repository.route(told(1, State.SUCCEEDED))
    assert repository.shown("a", STAGING)[-1] == ("succeeded", "no longer proposed")
    ending.finish(store, claim, State.FAILED, "no such kind")
    assert repository.shown("a", STAGING)[-1] == ("succeeded", "no longer proposed")
    assert repository.shown("a", SUMMARY)[-1] == ("succeeded", "nothing is affected")


@pytest.mark.parametrize("late", ["its end", "its beginning"])
def test_a_queues_older_head_says_nothing_about_its_newer_one(store: Store, repository: Repository, late: str) -> None:
    """The queue makes my commit anew, and news of the first one come late: the second is never called gone."""
    older, newer = opened(-7, "old"), opened(-7, "new")
    if late == "its end":
        repository.route(*older)
    (made,) = repository.route(*newer)
    claim = repository.claim(made)
    repository.route(*([Withdraw(number=-7, sha="old", merged=True)] if late == "its end" else older))
    assert repository.shown("new", SUMMARY)[-1] == ("queued", "planning staging")
    ending.finish(store, claim, State.FAILED, "no such kind")
    assert repository.shown("new", SUMMARY)[-1] == ("failed", "staging: no such kind")
    repository.route(Withdraw(number=-7, sha="new", merged=True))
    assert repository.shown("new", SUMMARY)[-1] == ("succeeded", "no longer proposed")


def test_a_plan_of_one_environment_leaves_the_others_answers(store: Store, repository: Repository) -> None:
    """I ask for staging's plan once more: production's answer stands, and both are summed up."""
    both = repository.route(plan("a", "production"), plan("a", "staging"), told(7, State.QUEUED))
    for each in both:
        ending.finish(store, repository.claim(each), State.SUCCEEDED, "no change")
    (again,) = repository.route(plan("a", "staging"))
    ending.finish(store, repository.claim(again), State.FAILED, "gone")
    assert repository.shown("a", SUMMARY)[-1] == ("failed", "staging: gone")
    assert repository.shown("a", "pushboat/plan/production")[-1] == ("succeeded", "no change")


def test_a_files_mistake_that_was_mended_outside_turns_green(store: Store, repository: Repository) -> None:
    """The operator allows what my file wants, and replays my push: no red word of before stays on the commit."""
    mistakes = [
        Post(sha="a", context=name, state=State.FAILED, description="no such cluster")
        for name in ("pushboat", "pushboat/staging", "pushboat/qa")
    ]
    repository.route(*mistakes)
    assert repository.shown("a", "pushboat") == [("failed", "no such cluster")]
    (made,) = repository.route(deploy("a"), Mend(sha="a"))
    ending.finish(store, repository.claim(made), State.SUCCEEDED, "healthy")
    for context in ("pushboat", "pushboat/qa"):
        state, said = repository.shown("a", context)[-1]
        assert state == "succeeded"
        assert "mended" in said
    assert repository.shown("a", "pushboat/staging")[-1] == ("succeeded", "healthy")
    repository.route(deploy("a"), Mend(sha="a"))
    assert len(repository.shown("a", "pushboat")) == 2, "once"


def blamed(repository: Repository, ref: str) -> int:
    """Push a commit by a ref; its file has mistakes."""
    number = repository.receive("a", ref)
    names = ("pushboat", "pushboat/staging", "pushboat/live")
    wrong = (Post(sha="a", context=name, state=State.FAILED, description="no such cluster", ref=ref) for name in names)
    repository.route_waiting(*wrong)
    return number


def replayed(repository: Repository, delivery: int, *acts: Deploy, ref: str) -> None:
    """Replay a delivery whose file is as it should be by now."""
    deliveries.replay(repository.store, delivery)
    for each in repository.route_waiting(*acts, Mend(sha="a", ref=ref)):
        ending.finish(repository.store, repository.claim(each), State.SUCCEEDED, "healthy")


MAIN, TAG = "refs/heads/main", "refs/tags/v1"


@pytest.mark.parametrize("main_first", [True, False])
def test_an_environment_that_has_not_got_the_commit_yet_is_not_green(repository: Repository, main_first: bool) -> None:
    """Live follows tags, and I replay main's push only: live has nothing of it, until I replay the tag's as well."""
    refs = (MAIN, TAG) if main_first else (TAG, MAIN)
    told = {ref: blamed(repository, ref) for ref in refs}
    replayed(repository, told[MAIN], deploy("a"), ref=MAIN)
    assert repository.shown("a", "pushboat")[-1][0] == "succeeded"
    assert repository.shown("a")[-1] == ("succeeded", "healthy")
    assert repository.shown("a", "pushboat/live")[-1] == ("failed", "no such cluster")
    replayed(repository, told[TAG], deploy("a", "live"), ref=TAG)
    assert repository.shown("a", "pushboat/live")[-1] == ("succeeded", "healthy")
    assert repository.shown("a")[-1] == ("succeeded", "healthy")


def test_what_was_deployed_all_the_same_shows_how_that_went(repository: Repository) -> None:
    """Somebody deployed my commit to live by hand, where it crashes: a replay of my push does not make that green."""
    told = blamed(repository, MAIN)
    (made,) = repository.route(deploy("a", "live", trigger=Trigger.COMMAND))
    ending.finish(repository.store, repository.claim(made), State.FAILED, "web crashes")
    replayed(repository, told, deploy("a"), ref=MAIN)
    assert repository.shown("a", "pushboat/live")[-1] == ("failed", "web crashes")
