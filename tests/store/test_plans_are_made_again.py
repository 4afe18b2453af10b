"""When a base or an environment moves, open pull requests are planned again, and are told what is news."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import sqlalchemy as sa

from pushboat.model.deployment import Counts, Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State, Trigger
from pushboat.routing import Deploy, Post, Withdraw
from pushboat.store import attempts, deployments, ending, hinting, holds, proposals, replanning
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Row
from tests.store.repository import NAME, Repository, deploy, plan, time_passes

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


def test_what_waits_in_a_pause_keeps_no_plan_old(store: Store, repository: Repository) -> None:
    """Staging is paused, and a push waits there for days: my pull request is planned against what runs all the same."""
    planned(store, repository)
    holds.put(store, Hold(kind="pause", scope=Scope(repository=NAME, environment="staging"), by="ann"))
    pushed(repository, "m1")
    time_passes(store, LATER)
    assert replanning.begin_due(store) == 1


def test_an_environment_that_never_rests_is_planned_for_in_the_end(store: Store, repository: Repository) -> None:
    """Somebody pushes every minute, and staging is always on its way: my plan is not the one of this morning."""
    planned(store, repository)
    running = repository.claim(pushed(repository, "m0"), ttl=10_000)
    begun = 0
    for number in range(1, 20):
        time_passes(store, 60)
        begun += replanning.begin_due(store)
        pushed(repository, f"m{number}")
    assert running
    assert begun == 1


def test_a_cluster_that_is_away_keeps_no_other_plans_waiting(store: Store, repository: Repository) -> None:
    """Production's cluster does not answer, and plans for it wait: those for staging are made again meanwhile."""
    for number, environment in enumerate(("production", "production", "production", "staging"), start=1):
        (made,) = repository.route(replace(plan(f"a{number}", environment, number), base="main"))
        ending.finish(store, repository.claim(made), State.SUCCEEDED, "1 to create", counts=Counts(created=1))
    with store.writing() as tx:
        proposals.base_moved(tx, NAME, "main")
    time_passes(store, LATER)
    assert replanning.begin_due(store) == replanning.AT_ONCE
    for made in again(repository, store):
        claim = repository.claim(made)
        attempts.in_trouble(store, claim, "plan")
        ending.give_back(store, claim, "prod does not answer", 60)
    assert replanning.begin_due(store) == 1, "production's third one waits for the others"
    assert [each.lane.environment for each in again(repository, store)] == ["staging"]


def test_a_deployment_that_broke_off_moved_its_environment(store: Store, repository: Repository) -> None:
    """A deployment fails halfway: what my pull request would change is not any more what its plan says."""
    planned(store, repository)
    made = repository.push("m1")
    claim = repository.claim(made)
    ending.finish(store, claim, State.FAILED, "web is not healthy", counts=Counts(configured=1))
    time_passes(store, LATER)
    assert replanning.begin_due(store) == 1


def test_a_plan_that_an_outage_ended_is_tried_again(store: Store, repository: Repository) -> None:
    """My base moves while staging's cluster is away, and my plan turns red: once it is back, that does not stay so."""
    planned(store, repository)
    for said, later in (("1 to change", proposals.AFTER_AN_OUTAGE + 1), ("", 24 * 3600)):
        with store.writing() as tx:
            proposals.base_moved(tx, NAME, "main")
        time_passes(store, LATER)
        assert replanning.begin_due(store) == 1
        claim = repository.claim(again(repository, store)[0])
        attempts.in_trouble(store, claim, "plan")
        if not said:
            attempts.out_of_trouble(store, claim, "plan")
        ending.finish(store, claim, State.ERRORED, "staging does not answer")
        assert repository.shown("a", SUMMARY)[-1] == ("errored", "staging: staging does not answer")
        assert replanning.begin_due(store) == 0
        time_passes(store, later)
        assert replanning.begin_due(store) == bool(said), "only what an outage ended"
        for made in again(repository, store):
            ending.finish(store, repository.claim(made), State.SUCCEEDED, said, counts=Counts(configured=1))
            assert repository.shown("a", STAGING)[-1] == ("succeeded", said)


def test_a_check_that_runs_again_while_its_environment_moves_waits_for_nobody(
    store: Store, repository: Repository
) -> None:
    """I press the button for all checks of my commit, which plans and deploys, just as staging's deployment ends."""
    planned(store, repository)
    running = repository.push("m0")
    for number in range(1, 12):
        claim = repository.claim(running)
        with ThreadPoolExecutor(2) as threads:
            wished = threads.submit(repository.route, proposed("a", 7), deploy(f"m{number}"))
            ended = threads.submit(ending.finish, store, claim, State.SUCCEEDED, "ok", counts=Counts(created=1))
            assert ended.result()
            made = wished.result()
        running = made[1]
        ending.finish(store, repository.claim(made[0]), State.SUCCEEDED, "1 to create", counts=Counts(created=1))


def test_an_environment_that_the_base_gains_is_planned_for(store: Store, repository: Repository) -> None:
    """Main has production from now on: my open pull request is planned for it once that is up, and says so."""
    planned(store, repository)
    made = repository.route(deploy("m1"), deploy("m1", "production"), moved="main")
    time_passes(store, LATER)
    assert replanning.begin_due(store) == 0, "both are on their way"
    for each in made:
        ending.finish(store, repository.claim(each), State.SUCCEEDED, "1 created", counts=Counts(created=1))
    time_passes(store, LATER)
    assert replanning.begin_due(store) == 2
    found = {each.lane.environment: each for each in again(repository, store)}
    new = found["production"]
    assert (new.sha, new.base, new.lane.number) == ("a", "main", 7)
    for each in found.values():
        ending.finish(store, repository.claim(each), State.SUCCEEDED, "1 to create", counts=Counts(created=1))
    assert repository.shown("a", "pushboat/plan/production")[-1] == ("succeeded", "1 to create")
    assert repository.shown("a", SUMMARY)[-1][1].startswith("production: 1 to create")
    pushed(repository, "m2")
    time_passes(store, LATER)
    contexts = [row["context"] for row in rows(store)]
    assert sorted(contexts) == [SUMMARY, "pushboat/plan/production", STAGING], "once each"


def test_the_first_environment_of_a_base_is_planned_for(store: Store, repository: Repository) -> None:
    """Nothing followed main when I opened my pull request; a stranger's is left for somebody to want its plan."""
    green = "nothing is affected: no environment follows main"
    repository.route(Post(sha="a", context=SUMMARY, state=State.SUCCEEDED, description=green, number=7, base="main"))
    repository.route(Post(sha="f", context=SUMMARY, state=State.FAILED, description="from a fork", number=8))
    deployed(store, repository, "m1")
    time_passes(store, LATER)
    assert replanning.begin_due(store) == 1
    (made,) = again(repository, store)
    ending.finish(store, repository.claim(made), State.FAILED, "conflicts with main")
    assert repository.shown("a", SUMMARY)[-1] == ("failed", "staging: conflicts with main")


def rows(store: Store) -> list[Row]:
    """List what is asked."""
    with store.reading() as tx:
        return list(tx.rows(sa.text("SELECT * FROM proposal")))
