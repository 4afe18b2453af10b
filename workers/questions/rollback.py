"""What a rollback would change, said before it is asked for: as the cluster stands now, or as releases are stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pushboat.config.environment import as_released
from pushboat.errors import DeploymentFailed, PushboatError
from pushboat.model.changeset import Action
from pushboat.model.deployment import Counts, Lane
from pushboat.model.manifest import Ref
from pushboat.model.question import Told
from pushboat.model.release import Contents, Release, compared, lasting, named
from pushboat.model.wording import would_do
from pushboat.reading.environments import standings
from pushboat.routing.choosing import choose
from pushboat.store import releases
from pushboat.store.database.engine import Store
from workers.deploying.looking_back import Look, plan_of
from workers.deploying.packing import unpack
from workers.tools import Tools

MOST_SHOWN = 20
"""Objects that are named; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What would change, and against what that was found out."""

    counts: Counts
    changes: Mapping[Ref, Action]
    against: str


def foretold(tools: Tools, lane: Lane, wanted: str) -> Told:
    """Say what going back would change, and which release is meant.

    Raises:
        CommandRefused: there is none to go back to.
    """
    known = releases.listed(tools.store, lane)
    (standing,) = standings(tools.store, lane.repository, [lane.environment])
    release = choose(known, standing, wanted)
    going = f"{lane.environment} goes back to {named(release)}"
    runs = None if standing.destroyed else known[0]
    aside: list[str] = []
    try:
        found = _by_cluster(tools, lane, release)
    except DeploymentFailed as refusal:
        aside.append(f"as the cluster stands now, it would be refused: {refusal.summary}")
        found = _by_store(tools.store, lane, runs, release)
    except PushboatError as trouble:
        aside.append(f"the cluster could not be asked ({trouble.summary}), so stored releases are compared")
        found = _by_store(tools.store, lane, runs, release)
    said = tuple(("", line) for line in (*aside, *_lines(going, found)))
    return Told(form=_form(release, found), said=said)


def _form(release: Release, found: Foretold | None) -> dict[str, Any]:
    changes = sorted(found.changes) if found else []
    return {
        "release": release.number,
        "sha": release.sha,
        "known": found is not None,
        "changes": [{"ref": str(ref), "action": found.changes[ref].value} for ref in changes if found],
    }


def _by_cluster(tools: Tools, lane: Lane, release: Release) -> Foretold | None:
    """Plan it as its deployment will; after a failure what is there is neither one release nor the other."""
    limits, packed = tools.operator.limits(lane.repository, lane.environment), None
    if limits is not None:
        packed = releases.packed(tools.store, lane, release.number)
    if limits is None or packed is None:
        return None
    stored = unpack(packed, tools.key)
    look = Look(environment=as_released(limits, stored.said), stored=stored, encryption_key=tools.encryption_key)
    changes = plan_of(tools.operator, tools.store, tools.clusters.of(limits), lane, look).changeset
    return Foretold(
        counts=changes.counts,
        changes={each.ref: each.action for each in changes.changes if each.action is not Action.UNCHANGED},
        against="as the cluster stands now",
    )


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
