"""When a base or an environment moves, open pull requests are planned again, and are told what is news."""

from dataclasses import replace

from pushboat.model.deployment import Counts, Deployment
from pushboat.model.state import State, Trigger
from pushboat.routing import Deploy, Withdraw
from pushboat.store import deployments, ending, hinting, proposals, replanning
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, plan, time_passes

SUMMARY, STAGING = "pushboat/plan", "pushboat/plan/staging"
LATER = proposals.QUIET + 1


def proposed(sha: str, number: int) -> Deploy:
    """What a pull request into main leads to."""
    return replace(plan(sha, number=number), base="main")


def planned(store: Store, repository: Repository, sha: str = "a", number: int = 7) -> Deployment:
    """Plan a pull request that creates an object."""
    (made,) = repository.route(proposed(sha, number))
    ending.finish(store, repository.claim(made), State.SUCCEEDED, "1 to create", counts=Counts(created=1))
    return made


def pushed(repository: Repository, sha: str) -> Deployment:
    """Push to main, which staging follows."""
    return repository.push(sha, moved="main")


def deployed(store: Store, repository: Repository, sha: str) -> None:
    """Push to main and see it land."""
    made = pushed(repository, sha)
    ending.finish(store, repository.claim(made), State.SUCCEEDED, "1 created", counts=Counts(created=1))


def again(repository: Repository, store: Store) -> list[Deployment]:
    """List the plans that were begun because something moved, oldest first."""
    rows = [repository.row(number) for number in hinting.due(store)]
    return [each for each in rows if each.trigger is Trigger.MOVED]


def test_a_burst_of_pushes_is_planned_for_once_and_after_them(store: Store, repository: Repository) -> None:
    """My base moves three times: while it does, and while staging deploys, nothing is planned; then once."""
    planned(store, repository)
    deployed(store, repository, "m1")
    assert replanning.begin_due(store) == 0, "it may move again"
    running = repository.claim(pushed(repository, "m2"), ttl=100)
    pushed(repository, "m3")
    time_passes(store, LATER)
    assert replanning.begin_due(store) == 0, "staging is on its way elsewhere"
    ending.finish(store, running, State.SUCCEEDED, "done")
    (last,) = [repository.row(each) for each in hinting.due(store)]
    ending.finish(store, repository.claim(last), State.SUCCEEDED, "done")
    assert replanning.begin_due(store) == 1
    assert replanning.begin_due(store) == 0
    (made,) = again(repository, store)
    assert (made.sha, made.base, made.lane.number) == ("a", "main", 7)


def test_only_news_is_told(store: Store, repository: Repository) -> None:
    """Nothing flickers on my pull request: the second look is silent, unless it sees something else."""
    planned(store, repository)
    for counts, said, letters in ((Counts(created=1), "1 to create", 0), (Counts(configured=1), "1 to change", 1)):
        before = repository.shown("a", STAGING), repository.shown("a", SUMMARY)
        deployed(store, repository, f"m{letters}")
        time_passes(store, LATER)
        assert replanning.begin_due(store) == 1
        (made,) = again(repository, store)
        ending.finish(store, repository.claim(made), State.SUCCEEDED, said, counts=counts)
        now = repository.shown("a", STAGING), repository.shown("a", SUMMARY)
        assert [len(told) - len(was) for told, was in zip(now, before, strict=True)] == [letters, letters]
    assert repository.shown("a", STAGING)[-1] == ("succeeded", "1 to change")
    assert repository.shown("a", SUMMARY)[-1] == ("succeeded", "staging: 0 to create, 1 to change, 0 to delete")


def test_many_open_pull_requests_are_planned_a_few_at_a_time(store: Store, repository: Repository) -> None:
    """Forty pull requests are open when main moves: their plans neither pile up nor stand before a deployment."""
    for number in range(1, 6):
        planned(store, repository, f"a{number}", number)
    deployed(store, repository, "m1")
    time_passes(store, LATER)
    assert replanning.begin_due(store) == replanning.AT_ONCE
    assert replanning.begin_due(store) == 0
    urgent = pushed(repository, "m2")
    assert hinting.due(store)[0] == urgent.id
    first = again(repository, store)[0]
    ending.finish(store, repository.claim(first), State.SUCCEEDED, "1 to create", counts=Counts(created=1))
    assert replanning.begin_due(store) == 0, "staging deploys again"


def test_what_is_closed_or_of_another_base_is_left_alone(store: Store, repository: Repository) -> None:
    """Nobody looks at what nobody proposes."""
    planned(store, repository, "a", 7)
    repository.route(Withdraw(number=7))
    (other,) = repository.route(replace(plan("b", "qa", number=8), base="dev"))
    ending.finish(store, repository.claim(other), State.SUCCEEDED, "no change")
    deployed(store, repository, "m1")
    time_passes(store, LATER)
    assert replanning.begin_due(store) == 0
    with store.writing() as tx:
        proposals.environment_moved(tx, NAME, "qa")
    time_passes(store, LATER)
    assert replanning.begin_due(store) == 1
    assert len(deployments.listed(store)) == 1


def test_a_new_head_goes_before_the_second_look(store: Store, repository: Repository) -> None:
    """I push to my pull request while it is planned again: what was found about the old head is not told."""
    planned(store, repository)
    deployed(store, repository, "m1")
    time_passes(store, LATER)
    replanning.begin_due(store)
    (made,) = again(repository, store)
    claim = repository.claim(made)
    repository.route(proposed("b", 7))
    ending.finish(store, claim, State.FAILED, "conflicts with main")
    assert repository.shown("a", STAGING)[-1] == ("succeeded", "no longer proposed")
