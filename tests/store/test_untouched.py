"""A commit that changes nothing of an environment is green there at once, unless anything speaks against it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from pushboat.config.retention import Retention
from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Counts, Deployment
from pushboat.model.footprint import Footprint, Stand
from pushboat.model.hold import Hold, Scope
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Deploy
from pushboat.store import change_sets, deployments, ending, footprints, holds, inspections, releases
from pushboat.store.database.engine import Store
from pushboat.store.footprints import Commit
from pushboat.store.forgetting import forget
from tests.store.looking import EVERY, LANE, claimed, drift, known, looked
from tests.store.repository import NAME, Repository, deploy, time_passes

FOOTPRINT = Footprint(roots={"deploy": "0" * 40, "base": ""}, settings="as they are")
REF = Ref("", "ConfigMap", "shop", "settings")
MAIN = "refs/heads/main"


def carried_out(repository: Repository, deployment: Deployment, footprint: Footprint | None = FOOTPRINT) -> Deployment:
    """Let a deployment get through, which leaves nothing to be said."""
    claim = repository.claim(deployment)
    made = Render(contents={REF: "one"}, packed=b"one")
    changes = [Change(ref=REF, action=Action.CREATED, diff="+ all of it")]
    counts = Counts(created=1, unchanged=2)
    assert ending.finish(
        repository.store, claim, State.SUCCEEDED, "ok", counts=counts, changes=changes, render=made, footprint=footprint
    )
    return repository.row(deployment)


def stands(store: Store, sha: str = "f", ref: str = MAIN, every: float = EVERY) -> dict[str, Stand]:
    """Name what stands before a commit of the next delivery."""
    found = footprints.standing(store, NAME, Commit(ref=ref, sha=sha, delivery=1000), every)
    return {each.environment: each for each in found}


def same(store: Store, sha: str, environment: str = "staging", **more: object) -> Deploy:
    """What a push leads to that changes nothing of an environment."""
    return replace(deploy(sha, environment, once=True, **more), same=stands(store, sha).get(environment))


def test_what_stands_is_repeated_at_once(store: Store, repository: Repository) -> None:
    """My push elsewhere is green here in the same moment, as a release of its own, with the counts as unchanged."""
    first = carried_out(repository, repository.push("a"))
    assert stands(store)["staging"] == Stand(
        environment="staging", last=first.id, last_sha="a", origin=first.id, sha="a", footprint=FOOTPRINT
    )
    (second,) = repository.route(same(store, "b"))
    assert (second.state, second.same_as, second.sha, second.release) == (State.SUCCEEDED, first.id, "b", 2)
    assert second.reason == "unchanged, same tree as a"
    assert second.counts == Counts(unchanged=3)
    assert repository.shown("b") == [("succeeded", "unchanged, same tree as a")]
    (change,) = change_sets.listed(store, second.id)
    assert (change.action, change.diff) == (Action.UNCHANGED, "")
    assert releases.packed(store, LANE, 2) == b"one"

    (third,) = repository.route(same(store, "c"))
    assert (third.same_as, third.reason, third.release) == (first.id, "unchanged, same tree as a", 3)
    assert deployments.running_in(store, LANE) == third
    carried_out(repository, repository.push("d"))


def none(store: Store, repository: Repository) -> None:
    """Nothing happens."""


def queued(store: Store, repository: Repository) -> None:
    """Another commit waits."""
    repository.push("x")


def running(store: Store, repository: Repository) -> None:
    """Another commit is being deployed."""
    repository.claim(repository.push("x"))


def failed(store: Store, repository: Repository) -> None:
    """Another commit was tried, and failed."""
    ending.finish(store, repository.claim(repository.push("x")), State.FAILED, "unhealthy")


def with_more_to_say(store: Store, repository: Repository) -> None:
    """Another commit got through and left a field alone, or something that would not go."""
    carried_out(repository, repository.push("x"), footprint=None)


def rolled_back(store: Store, repository: Repository) -> None:
    """Somebody rolled back."""
    (back,) = repository.route(deploy("a", trigger=Trigger.ROLLBACK, release=1))
    carried_out(repository, back)


def destroyed(store: Store, repository: Repository) -> None:
    """Somebody destroyed it."""
    (gone,) = repository.route(deploy("", kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
    ending.finish(store, repository.claim(gone), State.SUCCEEDED, "destroyed")


def by_name(store: Store, repository: Repository) -> None:
    """Somebody deployed a commit by its name."""
    (asked,) = repository.route(deploy("x", trigger=Trigger.COMMENT))
    carried_out(repository, asked)


def tried_out(store: Store, repository: Repository) -> None:
    """Somebody tried a pull request out."""
    (trial,) = repository.route(deploy("x", trigger=Trigger.COMMENT, pull_request=7))
    carried_out(repository, trial)


def held(store: Store, repository: Repository) -> None:
    """Somebody locked it."""
    holds.put(store, Hold(kind="lock", scope=Scope(repository=NAME, environment="staging"), by="ann", reason="no"))


def everything_held(store: Store, repository: Repository) -> None:
    """The operator paused everything."""
    holds.put(store, Hold(kind="pause", scope=Scope(), by="operator", reason="no"))


def drifted(store: Store, repository: Repository) -> None:
    """A look found drift."""
    time_passes(store, 60)
    assert looked(store, drift())


def unknown(store: Store, repository: Repository) -> None:
    """A look could not see all of it."""
    time_passes(store, 60)
    assert looked(store, unknown="Secret shop/a cannot be compared")


def unwell(store: Store, repository: Repository) -> None:
    """A look found pods that crash, though everything is as it was brought."""
    time_passes(store, 60)
    assert looked(store, unwell="Deployment/shop/web is Progressing: 1 of 2 pods ready")


def troubled(store: Store, repository: Repository) -> None:
    """The last look met a cluster that does not answer."""
    time_passes(store, 60)
    assert looked(store)
    inspections.troubled(store, claimed(store), "dev does not answer", EVERY)


def not_looked_at(store: Store, repository: Repository) -> None:
    """Nobody has looked for longer than the timer allows."""
    time_passes(store, 2 * EVERY + 1)


def left(store: Store, repository: Repository) -> None:
    """The environment left the file, and what it has still runs."""
    with store.writing() as tx:
        tx.change(sa.text("UPDATE lane SET left_with = 'x'"))


def taken_over(store: Store, repository: Repository) -> None:
    """A dead worker's last writes may still land."""
    with store.writing() as tx:
        tx.change(sa.text("UPDATE lane SET took_over = :yes"), yes=True)


AGAINST = (
    queued,
    running,
    failed,
    with_more_to_say,
    rolled_back,
    destroyed,
    by_name,
    tried_out,
    held,
    everything_held,
    drifted,
    unknown,
    unwell,
    troubled,
    not_looked_at,
    left,
    taken_over,
)


@pytest.mark.parametrize("happens", AGAINST, ids=lambda each: each.__name__)
def test_whatever_speaks_against_it_lets_it_be_deployed(
    store: Store, repository: Repository, happens: Callable[[Store, Repository], None]
) -> None:
    """What was green is not called unchanged once anything has happened there, whenever that was."""
    carried_out(repository, repository.push("a"))
    before = same(store, "b")
    assert before.same
    happens(store, repository)
    assert stands(store) == {}
    if happens is not not_looked_at:
        (made, *_) = repository.route(before)
        assert (made.state, made.same_as) == (State.QUEUED, 0) or made.state is State.SUPERSEDED


def test_a_look_that_finds_nothing_keeps_it_standing(store: Store, repository: Repository) -> None:
    """An environment that nobody deploys to for weeks stands as long as it is looked at."""
    carried_out(repository, repository.push("a"))
    time_passes(store, 3 * EVERY)
    assert stands(store) == {}
    assert looked(store)
    assert set(stands(store)) == {"staging"}
    assert stands(store, every=0.0) == {}, "where nobody looks, nobody knows"
    (untouched,) = repository.route(same(store, "b"))
    assert (known(store).deployment, known(store).release) == (untouched.id, untouched.release), (
        "it is known of this one"
    )
    time_passes(store, EVERY)
    assert set(stands(store)) == {"staging"}, "the look was at what runs still"


def test_another_ref_or_the_same_commit_is_no_repetition(store: Store, repository: Repository) -> None:
    """A tag, or another branch that is followed from now on, is deployed; the same commit begins nothing."""
    first = carried_out(repository, repository.push("a"))
    assert stands(store, ref="refs/tags/v1") == {}
    assert stands(store, sha="a") == {}
    assert repository.route(same(store, "a")) == [first]


@pytest.mark.parametrize("trigger", [each for each in Trigger if each not in footprints.REPEATED])
def test_who_asks_by_name_gets_a_deployment(store: Store, repository: Repository, trigger: Trigger) -> None:
    """`/deploy` carries it out, whatever is known: that is what I asked for."""
    carried_out(repository, repository.push("a"))
    (made,) = repository.route(same(store, "b", trigger=trigger))
    assert (made.state, made.same_as) == (State.QUEUED, 0)


def test_a_hold_of_its_own_is_waited_for(store: Store, repository: Repository) -> None:
    """A commit that nobody has approved yet waits here too, though it changes nothing."""
    carried_out(repository, repository.push("a"))
    own = (Hold(kind="approval", scope=Scope(), by="staging", reason="", subject="1"),)
    (made,) = repository.route(same(store, "b", holds=own))
    assert (made.state, made.same_as) == (State.QUEUED, 0)


def needs(sha: str) -> tuple[Hold, ...]:
    """Wait until staging is healthy at a commit."""
    return (Hold(kind="needs", scope=Scope(), by="production", subject="staging", sha=sha),)


def test_healthy_at_this_commit_is_what_untouched_means(store: Store, repository: Repository) -> None:
    """Production needs staging, which the commit leaves as it is: it goes on, and where both stay, both are green."""
    for each in repository.route(deploy("a"), deploy("a", "production")):
        carried_out(repository, each)
    staging, production = repository.route(same(store, "b"), deploy("b", "production", holds=needs("b")))
    assert (staging.state, production.state, production.holds) == (State.SUCCEEDED, State.QUEUED, ())
    carried_out(repository, production)
    made = repository.route(same(store, "c", "production", holds=needs("c")), same(store, "c"))
    assert [(each.lane.environment, each.state, bool(each.same_as)) for each in made] == [
        ("production", State.SUCCEEDED, True),
        ("staging", State.SUCCEEDED, True),
    ]


def test_what_waited_elsewhere_for_the_commit_is_let_go(store: Store, repository: Repository) -> None:
    """Somebody asked for the commit in production before its push was routed: now it is healthy in staging."""
    carried_out(repository, repository.push("a"))
    (waits,) = repository.route(deploy("b", "production", trigger=Trigger.COMMAND, holds=needs("b")))
    assert waits.holds
    repository.route(same(store, "b"))
    assert repository.row(waits).holds == ()


def names(number: int) -> list[str]:
    """Name environments."""
    return [f"shop-{each:04}" for each in range(number)]


@pytest.mark.parametrize("number", [20, 21])
def test_many_share_a_line(store: Store, repository: Repository, number: int) -> None:
    """Of twenty each has its status; one more, and they share one line, which says how many and since when."""
    for each in repository.route(*(deploy("a", name) for name in names(number))):
        carried_out(repository, each)
    made = repository.route(*(same(store, "b", name) for name in names(number)), deploy("b", "touched"))
    assert [each.state for each in made] == [*[State.SUCCEEDED] * (number if number == 20 else 0), State.QUEUED]
    line = repository.shown("b", "pushboat")
    own = [repository.shown("b", f"pushboat/{name}") for name in names(number)]
    if number > 20:
        assert line == [("succeeded", "21 of 22 environments unchanged, same tree as a")]
        assert own == [[]] * number
    else:
        assert line == []
        assert own == [[("succeeded", "unchanged, same tree as a")]] * number


def test_a_thousand_quiet_pushes_cost_no_release_that_is_kept(store: Store, repository: Repository) -> None:
    """I can roll back to the content before this one, however many commits have passed by here since; and those go."""
    day = 24 * 3600.0
    kept = Retention(deliveries=3 * day, deployments=10 * day, keep=2)
    for sha in ("a", "b"):
        claim = repository.claim(repository.push(sha))
        made = Render(contents={REF: sha}, packed=sha.encode())
        ending.finish(store, claim, State.SUCCEEDED, "ok", render=made, footprint=FOOTPRINT)
    for number in range(5):
        repository.route(same(store, f"c{number}"))
    time_passes(store, 4 * day)
    forget(store, kept, lambda: False)
    found = releases.listed(store, LANE)
    assert [(each.number, each.kept) for each in found] == [(7, True), (2, True), (1, True)]
    time_passes(store, 30 * day)
    forget(store, kept, lambda: False)
    assert [each.number for each in releases.listed(store, LANE)] == [7, 2, 1]
