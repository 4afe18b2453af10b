"""What a rollback would change, said before it is asked for: as the cluster stands now, or as releases are stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cli import output
from pushboat.config.environment import as_released
from pushboat.config.operator import Limits, Operator
from pushboat.errors import CommandRefused, DeploymentFailed, PushboatError
from pushboat.model.changeset import Action
from pushboat.model.deployment import Counts, Lane
from pushboat.model.manifest import Ref
from pushboat.model.release import Contents, Release, compared, lasting, named
from pushboat.model.wording import would_do
from pushboat.reading.environments import standings
from pushboat.routing.choosing import choose
from pushboat.sealing import Key
from pushboat.store import releases
from pushboat.store.database.engine import Store
from workers.cluster.client.connection import connect
from workers.deploying.looking_back import Look, plan_of
from workers.deploying.packing import unpack
from workers.running.keys import known_key

MOST_SHOWN = 20
"""Objects that are named; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What would change, and against what that was found out."""

    counts: Counts
    changes: Mapping[Ref, Action]
    against: str


def foretell(operator: Operator, store: Store, lane: Lane, wanted: str) -> Release | None:
    """Say what going back would change, and give the release that is meant; None where there is none to go to."""
    known = releases.listed(store, lane)
    (standing,) = standings(store, lane.repository, [lane.environment])
    try:
        release = choose(known, standing, wanted)
    except CommandRefused:
        return None  # the one who decides says why, and leaves it in the audit
    going = f"{lane.environment} goes back to {named(release)}"
    runs = None if standing.destroyed else known[0]
    try:
        found = _by_cluster(operator, store, lane, release)
    except DeploymentFailed as refusal:
        output.say(f"as the cluster stands now, it would be refused: {refusal.summary}")
        found = _by_store(store, lane, runs, release)
    except PushboatError as trouble:
        output.say(f"the cluster could not be asked ({trouble.summary}), so stored releases are compared")
        found = _by_store(store, lane, runs, release)
    for line in _lines(going, found):
        output.say(line)
    return release


def _by_cluster(operator: Operator, store: Store, lane: Lane, release: Release) -> Foretold | None:
    """Plan it as its deployment will; after a failure what is there is neither one release nor the other."""
    limits, packed = _limits(operator, lane), releases.packed(store, lane, release.number)
    if limits is None or packed is None:
        return None
    key = operator.encryption_key or known_key(operator.state / "encryption-key")
    stored = unpack(packed, Key(key))
    cluster = connect(operator.clusters[limits.cluster], limits.service_account, rules=operator.health)
    try:
        environment = as_released(limits, stored.said)
        look = Look(environment=environment, stored=stored, encryption_key=key)
        changes = plan_of(operator, store, cluster, lane, look).changeset
    finally:
        cluster.close()
    return Foretold(
        counts=changes.counts,
        changes={each.ref: each.action for each in changes.changes if each.action is not Action.UNCHANGED},
        against="as the cluster stands now",
    )


def _limits(operator: Operator, lane: Lane) -> Limits | None:
    project = operator.projects.get(lane.repository)
    return project.environments.get(lane.environment) if project else None


def _by_store(store: Store, lane: Lane, runs: Release | None, release: Release) -> Foretold | None:
    """Compare with what runs; where that was destroyed, with nothing."""
    now = releases.contents(store, lane, runs.number) if runs else {}
    then = releases.contents(store, lane, release.number)
    if now is None or then is None:
        return None
    now, then = lasting(now), lasting(then)
    against = f"against {named(runs)}" if runs else "against nothing"
    return Foretold(counts=compared(now, then), changes=dict(_changes(now, then)), against=against)


def _changes(now: Contents, then: Contents) -> Iterator[tuple[Ref, Action]]:
    for ref in {*now, *then}:
        if now.get(ref) != then.get(ref):
            yield ref, Action.CREATED if ref not in now else Action.DELETED if ref not in then else Action.CONFIGURED


def _lines(going: str, found: Foretold | None) -> Iterator[str]:
    if found is None:
        yield f"{going}; what of it differs is not known"
        return
    yield f"{going}: {would_do(found.counts)}, {found.against}"
    named_ones: Sequence[Ref] = sorted(found.changes)
    for ref in named_ones[:MOST_SHOWN]:
        yield f"  {found.changes[ref]:<10} {ref}"
    if len(named_ones) > MOST_SHOWN:
        yield f"  … and {len(named_ones) - MOST_SHOWN} more"
