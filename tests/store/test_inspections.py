"""Drift in the store: one worker looks at a time, what a deployment overlapped counts for nothing, no push is lost."""

import pytest
import sqlalchemy as sa

from pushboat.config.retention import Retention
from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Counts, Deployment, Lane
from pushboat.model.drift import Drift, FieldDrift, Sort
from pushboat.model.hold import Hold, Scope
from pushboat.model.inspection import Findings, Inspection, InspectionClaim
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State, Trigger
from pushboat.routing import LiftHold, PutHold
from pushboat.routing.drifting import QUIET, not_now
from pushboat.routing.holds import PIN
from pushboat.store import concluding, deployments, ending, hinting, holds, inspections, releases, routing_jobs
from pushboat.store.concluding import Conclusion
from pushboat.store.database.engine import Store
from pushboat.store.forgetting import forget
from tests.store.repository import NAME, Repository, deploy, time_passes

LANE = Lane(repository=NAME, environment="staging")
STAGING = Scope(repository=NAME, environment="staging")
EVERY = 600.0


def drift(value: str = "5", name: str = "web") -> Drift:
    """Somebody scaled."""
    field = FieldDrift(path="spec.replicas", release="3", cluster=value, by="kubectl", at="2026-11-27T06:00:00Z")
    return Drift(ref=Ref("apps", "Deployment", "shop", name), sort=Sort.CHANGED, fields=(field,))


SAID = "drift: Deployment web: spec.replicas is 5 instead of 3, by kubectl at 2026-11-27T06:00:00Z"


def release(repository: Repository, deployment: Deployment) -> Deployment:
    """Let a deployment get through, an hour ago."""
    made = Render(contents={Ref("", "ConfigMap", "shop", "a"): deployment.sha}, packed=b"packed")
    assert ending.finish(
        repository.store, repository.claim(deployment), State.SUCCEEDED, f"{deployment.sha} is healthy", render=made
    )
    time_passes(repository.store, 3600)
    return repository.row(deployment)


def claimed(store: Store, cluster: str = "dev") -> InspectionClaim:
    """Take staging to look at it."""
    inspections.schedule(store, {LANE: cluster}, EVERY)
    inspections.wake(store, LANE)
    held = inspections.claim(store, cluster)
    assert held
    return held


def looked(
    store: Store, *found: Drift, heals: bool = False, unknown: str = "", held: InspectionClaim | None = None
) -> Conclusion | None:
    """Look once, and find this."""
    findings = Findings(found=found, heals=heals, unknown=unknown)
    return concluding.conclude(store, held or claimed(store), findings, every=EVERY, pause=EVERY)


def known(store: Store) -> Inspection:
    """Read what is known of staging."""
    return inspections.listed(store)[0]


def test_each_environment_is_looked_at_by_one_worker_and_again_when_it_is_time(store: Store) -> None:
    """Two workers never compare one environment at once; a dead one's turn ends, and it writes nothing after that."""
    other = Lane(repository=NAME, environment="production")
    inspections.schedule(store, {LANE: "dev", other: "prod"}, EVERY)
    assert inspections.due_clusters(store) == [], "everything in its turn, within a minute"
    time_passes(store, 61)
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
    inspections.schedule(store, {LANE: "elsewhere"}, EVERY)
    assert [(each.lane, each.cluster) for each in inspections.listed(store)] == [(LANE, "elsewhere")]
    assert inspections.due_clusters(store) == ["elsewhere"]


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
    wrote = [Change(ref=Ref("", "ConfigMap", "shop", "a"), action=Action.CONFIGURED)]
    ending.finish(store, half, State.FAILED, "unhealthy", counts=Counts(configured=1), changes=wrote)
    held = claimed(store)
    waits = not_now(held.known, held.seen, store.now() + QUIET)
    assert waits
    assert waits.sentence.startswith(f"deployment {half.deployment.id} failed halfway, so what runs is neither")
    release(repository, repository.push("c"))
    held = claimed(store)
    assert not_now(held.known, held.seen, store.now()) is None


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


def healed(store: Store, repository: Repository, state: State = State.SUCCEEDED) -> Deployment:
    """Carry out what puts drift back."""
    (queued,) = [each for each in routing_jobs.unfinished(store, LANE) if each.heals]
    made = Render(contents={Ref("", "ConfigMap", "shop", "a"): "a"}, packed=b"packed")
    ending.finish(store, repository.claim(queued), state, f"it {state}", render=made)
    return repository.row(queued)


def test_putting_back_counts_for_nobody(store: Store, repository: Repository) -> None:
    """It is no release, speaks on no commit, is not what runs, and changes nothing about which commit is the newest."""
    made = release(repository, repository.push("a"))
    shown = repository.shown("a")
    done = looked(store, drift(), heals=True)
    assert done
    assert done.healing
    assert hinting.due(store) == [done.healing]
    row = healed(store, repository)
    assert (row.trigger, row.again, row.sha, row.release) == (Trigger.SELF_HEAL, 1, "a", 0)
    assert repository.shown("a") == shown
    assert [each.number for each in releases.listed(store, LANE)] == [1]
    assert deployments.latest_by_lane(store) == deployments.running_by_lane(store) == [repository.row(made)]
    assert routing_jobs.newest(store, LANE) == repository.row(made)
    (same,) = repository.route(deploy("a", once=True))
    assert same.id == made.id, "a merge that arrives again is deployed already"


def test_it_gives_way_to_a_push_and_says_nothing_of_it_on_the_deployed_commit(
    store: Store, repository: Repository
) -> None:
    """I push while drift waits to be put back: mine goes first, and the old commit neither follows it nor shares it."""
    release(repository, repository.push("a"))
    shown = repository.shown("a")
    done = looked(store, drift(), heals=True)
    assert done
    newer = repository.push("b", contains=[repository.row(done.healing)])
    gone = repository.row(done.healing)
    assert (gone.state, gone.reason) == (State.SUPERSEDED, "replaced by b")
    ending.finish(store, repository.claim(newer), State.FAILED, "unhealthy")
    assert repository.shown("a") == shown
    time_passes(store, 3600)
    done = looked(store, drift(), heals=True)
    assert done
    running = repository.claim(repository.row(done.healing))
    repository.push("c", contains=[running.deployment])
    ending.finish(store, running, State.SUPERSEDED, "c came")
    assert repository.row(done.healing).state is State.SUPERSEDED
    assert repository.shown("a") == shown


@pytest.mark.parametrize("word", ["pause", PIN])
def test_it_goes_past_no_hold_but_a_pin_to_that_very_release(store: Store, repository: Repository, word: str) -> None:
    """I paused the environment, or rolled it back elsewhere: nothing is written there, and the commit says why."""
    release(repository, repository.push("a"))
    holds.put(store, Hold(kind=word, scope=STAGING, by="ann", subject="release 7 (f)" * (word == PIN)))
    done = looked(store, drift(), heals=True)
    assert done
    assert done.healing == 0
    state, said = repository.shown("a")[-1]
    assert (state, said[:40]) == ("errored", SAID[:40])
    assert known(store).unhealed.startswith(
        f"not put back: {'paused' if word == 'pause' else 'pinned to release 7 (f)'} by"
    )
    assert holds.lift(store, word, STAGING, "release 7 (f)" * (word == PIN)).hold
    assert looked(store, drift(), heals=True)
    assert healed(store, repository)
    assert looked(store)
    assert repository.shown("a")[-1] == ("succeeded", "a is healthy")


def test_under_a_pin_the_release_is_put_back_and_the_push_that_waits_is_not_lost(
    store: Store, repository: Repository
) -> None:
    """I rolled back, ann's push waits: drift is put back meanwhile, again and again, and after the unlock hers goes."""
    release(repository, repository.push("a"))
    release(repository, repository.push("b"))
    pin = Hold(kind=PIN, scope=STAGING, by="ann", subject="release 1 (a)")
    (back,) = repository.route(PutHold(hold=pin), deploy("a", trigger=Trigger.ROLLBACK, release=1))
    release(repository, back)
    waits = repository.push("c")
    shown = repository.shown("c")
    for _ in range(3):
        done = looked(store, drift(), heals=True)
        assert done
        assert done.healing, known(store).unhealed
        assert healed(store, repository).again == 3
        time_passes(store, 3600)
    assert repository.row(waits).state is State.QUEUED
    assert repository.shown("c") == shown
    repository.route(LiftHold(kind=PIN, scope=STAGING, subject="release 1 (a)"), deploy("x", "production"))
    hinting.wake_all(store)
    assert waits.id in hinting.due(store)
    assert release(repository, waits).release == 4


def test_nothing_is_put_back_while_something_waits(store: Store, repository: Repository) -> None:
    """A commit waits for its next try: it is deployed first, whatever people did meanwhile."""
    release(repository, repository.push("a"))
    held = claimed(store)
    repository.push("b")
    done = looked(store, drift(), heals=True, held=held)
    assert done
    assert done.healing == 0
    assert known(store).unhealed == "not put back: b is next"


def test_one_that_failed_is_not_tried_again_for_the_same_drift(store: Store, repository: Repository) -> None:
    """It cannot be put back: I am told once, nothing is tried in a loop, and another edit is another matter."""
    release(repository, repository.push("a"))
    assert looked(store, drift(), heals=True)
    failed = healed(store, repository, State.FAILED)
    for value in ("5", "6", "7"):
        time_passes(store, 3600)
        done = looked(store, drift(value), heals=True)
        assert done
        assert done.healing == 0
        assert known(store).unhealed == f"not put back: deployment {failed.id} failed: it failed"
    assert repository.shown("a")[-1][0] == "errored"
    assert looked(store, drift(), drift(name="other"), heals=True)
    errored = healed(store, repository, State.ERRORED)
    done = looked(store, drift(), drift(name="other"), heals=True)
    assert done
    assert done.healing == 0, "the world was in the way a moment ago"
    time_passes(store, 3600)
    done = looked(store, drift(), drift(name="other"), heals=True)
    assert done
    assert done.healing > errored.id


def test_what_puts_drift_back_takes_no_rollback_away(store: Store, repository: Repository) -> None:
    """Drift is put back a hundred times in a year: the releases that I may go back to are the same as before."""
    for sha in ("a", "b"):
        release(repository, repository.push(sha))
    for _ in range(5):
        assert looked(store, drift(), heals=True)
        healed(store, repository)
        time_passes(store, 400 * 24 * 3600)
    forget(store, Retention(keep=2), lambda: False)
    assert [(each.number, each.sha, each.kept) for each in releases.listed(store, LANE)] == [
        (2, "b", True),
        (1, "a", True),
    ]
    with store.reading() as tx:
        left = tx.rows(sa.text("SELECT id FROM deployment WHERE cause = 'self-heal'"))
    assert len(left) <= 1, "those themselves go with time"
