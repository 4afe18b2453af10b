"""Drift in the store: one worker looks at a time, what a deployment overlapped counts for nothing, no push is lost."""

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Counts, Lane
from pushboat.model.hold import Hold
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing.drifting import QUIET, NotNow, incomparable, not_now
from pushboat.store import (
    attempts,
    comparing,
    ending,
    holds,
    inspections,
    routing_jobs,
)
from pushboat.store.database.engine import Store
from tests.store.looking import EVERY, LANE, REF, SAID, STAGING, WROTE, claimed, drift, known, looked, release
from tests.store.repository import NAME, Repository, deploy, time_passes


def test_each_environment_is_looked_at_by_one_worker_and_again_when_it_is_time(store: Store) -> None:
    """Two workers never compare one environment at once; a dead one's turn ends, and it writes nothing after that."""
    other = Lane(repository=NAME, environment="production")
    comparing.schedule(store, {LANE: "dev", other: "prod"}, EVERY)
    assert inspections.due_clusters(store) == [], "everything in its turn"
    time_passes(store, 1.1 * EVERY)
    assert inspections.due_clusters(store) == ["dev", "prod"]
    held = inspections.claim(store, "dev")
    assert held
    assert held.lane == LANE
    assert inspections.claim(store, "dev") is None
    assert inspections.due_clusters(store) == ["prod"]
    time_passes(store, inspections.LEASE)
    again = inspections.claim(store, "dev")
    assert again
    inspections.troubled(store, held, "too late", 0.0)
    inspections.troubled(store, again, "dev does not answer", EVERY)
    assert known(store).trouble == "" or known(store).lane != LANE
    assert {each.lane: each.trouble for each in inspections.listed(store)} == {LANE: "dev does not answer", other: ""}
    assert inspections.claim(store, "dev") is None
    time_passes(store, EVERY)
    comparing.schedule(store, {LANE: "elsewhere"}, EVERY)
    assert [(each.lane, each.cluster) for each in inspections.listed(store)] == [(LANE, "elsewhere")]
    assert inspections.due_clusters(store) == ["elsewhere"]


def test_what_runs_is_looked_at_soon_and_what_never_ran_in_a_round(store: Store, repository: Repository) -> None:
    """An edit from before Pushboat's start is found within a minute; where nothing is, there is nothing to find."""
    release(repository, repository.push("a"))
    comparing.schedule(store, {LANE: "dev", Lane(repository=NAME, environment="production"): "prod"}, EVERY)
    assert inspections.due_clusters(store) == []
    time_passes(store, 61)
    assert inspections.due_clusters(store) == ["dev"]
    time_passes(store, EVERY - 62)
    assert inspections.due_clusters(store) == ["dev"]
    time_passes(store, 62)
    assert inspections.due_clusters(store) == ["dev", "prod"]


def test_a_look_that_a_deployment_overlapped_counts_for_nothing(store: Store, repository: Repository) -> None:
    """While something is deployed, or has been since, nobody says drift: what was seen is neither old nor new."""
    made = release(repository, repository.push("a"))
    shown = repository.shown("a")
    held = claimed(store)
    newer = repository.claim(repository.push("b"))
    assert looked(store, drift(), held=held) is None
    assert not_now(held.known, inspections.looked_at(store, LANE), store.now()), "one runs"
    ending.finish(store, newer, State.FAILED, "cannot be rendered")
    assert looked(store, drift(), held=held) is None, "the row was let go"
    late = claimed(store)
    assert not_now(late.known, late.seen, store.now()), "one has just ended"
    assert not_now(late.known, late.seen, store.now() + QUIET) is None
    between = repository.claim(repository.push("c"))
    ending.finish(store, between, State.FAILED, "cannot be rendered")
    assert looked(store, drift(), held=late) is None, "one came and went in between"
    assert repository.shown("a") == shown
    assert (known(store).deployment, known(store).found) == (0, ())
    assert looked(store, drift())
    assert known(store).deployment == made.id
    assert repository.shown("a") == [*shown, ("errored", SAID)]


def test_after_a_deployment_that_broke_off_there_is_nothing_to_compare_with(
    store: Store, repository: Repository
) -> None:
    """What runs then is neither: I am told that nobody knows, and not that everything is drift."""
    release(repository, repository.push("a"))
    half = repository.claim(repository.push("b"))
    ending.finish(store, half, State.FAILED, "unhealthy", counts=Counts(configured=1), changes=WROTE)
    assert incomparable(inspections.looked_at(store, LANE)).startswith(
        f"deployment {half.deployment.id} failed halfway, so what runs is neither the old nor the new"
    )
    assert waits(store, QUIET), "and it is said"
    release(repository, repository.push("c"))
    assert not waits(store)
    failed = repository.claim(repository.push("d"))
    ending.finish(store, failed, State.FAILED, "no such folder")
    assert not waits(store, QUIET), "this one wrote nothing, so c runs as before"


def test_what_gave_way_or_waits_to_go_on_has_written_all_the_same(store: Store, repository: Repository) -> None:
    """b wrote half and gave way to c, which could not be rendered; or a worker died in it: neither of both runs."""
    release(repository, repository.push("a"))
    half = repository.claim(repository.push("b"))
    repository.push("c")
    ending.finish(store, half, State.SUPERSEDED, "c came", changes=WROTE)
    (rendered,) = routing_jobs.unfinished(store, LANE)
    ending.finish(store, repository.claim(rendered), State.FAILED, "no such folder")
    assert f"deployment {half.deployment.id} superseded halfway" in incomparable(inspections.looked_at(store, LANE))
    release(repository, repository.push("d"))
    dying = repository.claim(repository.push("e"))
    attempts.mean(store, dying, {REF: Action.CONFIGURED})
    ending.give_back(store, dying, "the cluster does not answer", 30.0)
    seen = inspections.looked_at(store, LANE)
    assert seen.halfway
    assert seen.halfway.id == dying.deployment.id
    assert waits(store, 3600) == NotNow(), "it goes on in a moment, and that is no trouble"
    holds.put(store, Hold(kind="pause", scope=STAGING, by="ann"))
    stopped = waits(store, 3600)
    assert stopped
    assert f"deployment {dying.deployment.id} queued halfway" in stopped.sentence


def test_what_was_destroyed_has_no_drift_and_is_never_put_back(store: Store, repository: Repository) -> None:
    """An environment was removed, whole or in part: nobody finds its objects missing, not even after a push in vain."""
    release(repository, repository.push("a"))
    (removal,) = repository.route(deploy("a", kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
    ending.finish(store, repository.claim(removal), State.ERRORED, "a finalizer", changes=WROTE)
    assert f"deployment {removal.id} errored halfway" in incomparable(inspections.looked_at(store, LANE))
    (removal,) = repository.route(deploy("a", kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
    ending.finish(store, repository.claim(removal), State.SUCCEEDED, "destroyed", changes=WROTE)
    assert waits(store, 3600) == NotNow(nothing_runs=True), "there is nothing to look at"
    ending.finish(store, repository.claim(repository.push("b")), State.FAILED, "cannot be rendered")
    assert incomparable(inspections.looked_at(store, LANE)) == "it was destroyed, so nothing runs there"
    assert waits(store, 3600) == NotNow(nothing_runs=True)
    release(repository, repository.push("c"))
    assert not waits(store, 3600), "and after a deployment it is looked at as ever"


def test_where_the_timer_is_turned_off_a_commit_says_that_nobody_looks(store: Store, repository: Repository) -> None:
    """Red for good about what was mended long ago would be a lie, and green too; back on, it says what it sees."""
    release(repository, repository.push("a"))
    green = repository.shown("a")[-1]
    looked(store, drift())
    comparing.schedule(store, {}, 0.0)
    assert repository.shown("a")[-1] == ("errored", f"not compared any more; {SAID}")
    shown = repository.shown("a")
    comparing.schedule(store, {}, 0.0)
    assert repository.shown("a") == shown, "once"
    time_passes(store, 10 * EVERY)
    assert inspections.due_clusters(store) == []
    looked(store)
    assert repository.shown("a")[-1] == green
    comparing.schedule(store, {}, 0.0)
    assert inspections.listed(store) == [], "where nothing is said, nothing is kept"


def test_a_commit_that_deployed_since_says_nothing_of_old_drift(store: Store, repository: Repository) -> None:
    """I turn the timer off after a newer commit runs: neither of them is told anything."""
    release(repository, repository.push("a"))
    looked(store, drift())
    release(repository, repository.push("b"))
    green = repository.shown("b")
    comparing.schedule(store, {}, 0.0)
    assert repository.shown("b") == green


def test_what_a_removal_asked_to_be_deleted_is_not_put_back(store: Store, repository: Repository) -> None:
    """It was cancelled before it saw anything gone, the cluster goes on, and pushes in vain do not hide that."""
    release(repository, repository.push("a"))
    (removal,) = repository.route(deploy("a", kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
    going = repository.claim(removal)
    attempts.mean(store, going, {REF: Action.DELETED})
    ending.finish(store, going, State.CANCELLED, "cancelled by ann", changes=[])
    assert f"deployment {removal.id} cancelled halfway" in incomparable(inspections.looked_at(store, LANE))
    nothing = [Change(ref=REF, action=Action.UNCHANGED)]
    for number in range(21):
        ending.finish(store, repository.claim(repository.push(f"b{number}")), State.FAILED, "refused", changes=nothing)
    assert f"deployment {removal.id} cancelled halfway" in incomparable(inspections.looked_at(store, LANE))


def waits(store: Store, later: float = 0.0) -> NotNow | None:
    """Say why staging would not be looked at."""
    held = claimed(store)
    inspections.put_off(store, held, EVERY)
    return not_now(held.known, held.seen, store.now() + later)


def test_commits_that_share_the_fate_of_the_deployed_one_show_its_drift_too(
    store: Store, repository: Repository
) -> None:
    """My commit runs as part of a newer one: it says what that one says, and both are as before when it is gone."""
    first = repository.push("a")
    second = repository.push("b", contains=[first])
    release(repository, second)
    assert looked(store, drift())
    assert repository.shown("b")[-1] == ("errored", SAID)
    assert repository.shown("a")[-1] == ("errored", f"b, which contains this: {SAID}")
    assert looked(store)
    assert repository.shown("b")[-1] == ("succeeded", "b is healthy")
    assert repository.shown("a")[-1] == ("succeeded", "runs as part of b")


def test_a_commit_that_another_deployment_spoke_for_since_keeps_what_that_one_said(
    store: Store, repository: Repository
) -> None:
    """I deployed the same commit again and it failed before it wrote anything: drift does not hide that."""
    first = repository.push("a")
    release(repository, repository.push("b", contains=[first]))
    (again,) = repository.route(deploy("b", trigger=Trigger.COMMENT))
    ending.finish(store, repository.claim(again), State.FAILED, "no such folder")
    time_passes(store, 3600)
    assert looked(store, drift())
    assert known(store).count == 1
    assert repository.shown("b")[-1] == ("failed", "no such folder")


def test_a_status_never_lands_on_a_commit_that_is_not_deployed_any_more(store: Store, repository: Repository) -> None:
    """What was known of the old release says nothing of the new one, and the old commit hears nothing more."""
    release(repository, repository.push("a"))
    assert looked(store, drift())
    shown = repository.shown("a")
    release(repository, repository.push("b"))
    green = repository.shown("b")
    assert looked(store)
    assert (repository.shown("a"), repository.shown("b")) == (shown, green), "nothing new to say of either"
    assert known(store).since is None
    assert looked(store, drift("7"))
    assert repository.shown("a") == shown
    assert "spec.replicas is 7" in repository.shown("b")[-1][1]


def test_what_could_not_be_compared_is_never_no_drift(store: Store, repository: Repository) -> None:
    """The key is lost, so a Secret is not known: the commit stays as it is, and what was found stays found."""
    release(repository, repository.push("a"))
    assert looked(store, drift())
    since = known(store).since
    assert looked(store, unknown="Secret/shop/key cannot be compared")
    assert (known(store).found, known(store).trouble) == ((), "Secret/shop/key cannot be compared")
    assert repository.shown("a")[-1] == ("errored", SAID)
    assert looked(store, drift())
    inspections.troubled(store, claimed(store), "dev does not answer", EVERY)
    assert (known(store).found, known(store).trouble) == ((drift(),), "dev does not answer")
    assert since is not None


def test_what_is_kept_has_an_end(store: Store, repository: Repository) -> None:
    """Somebody deletes a namespace of a thousand objects: the first of them are kept, and all are counted."""
    release(repository, repository.push("a"))
    assert looked(store, *(drift("5" * 5000, f"web-{number}") for number in range(1000)))
    found = known(store)
    assert (len(found.found), found.count) == (50, 1000)
    assert all(len(field.cluster or "") <= 300 for each in found.found for field in each.fields)
    assert repository.shown("a")[-1][1].startswith("drift in 1000 objects: Deployment web-0: ")


def test_a_clock_that_was_set_back_delays_no_look(store: Store) -> None:
    """The machine's clock is set back by a day: drift is looked for at once, and not a day later."""
    comparing.schedule(store, {LANE: "dev"}, EVERY)
    time_passes(store, 1.1 * EVERY)
    held = inspections.claim(store, "dev", EVERY)
    assert held
    inspections.put_off(store, held, EVERY)
    assert inspections.due_clusters(store, EVERY) == []
    time_passes(store, -86_400)
    assert inspections.due_clusters(store, EVERY) == ["dev"]
    assert inspections.claim(store, "dev", EVERY)


def test_what_is_compared_no_more_is_never_due(store: Store, repository: Repository) -> None:
    """It has left the file, and its commit still shows drift: that is no look that was put off for too long."""
    release(repository, repository.push("a"))
    looked(store, drift())
    comparing.schedule(store, {}, EVERY)
    assert inspections.listed(store)
    assert inspections.due_clusters(store, EVERY) == []
