"""What a rollback would change, said before it is asked for: of what is stored of both releases, without a cluster."""

from collections.abc import Iterator

from cli import output
from pushboat.errors import CommandRefused
from pushboat.model.deployment import Lane
from pushboat.model.release import Contents, Release, compared, lasting
from pushboat.model.wording import would_do
from pushboat.reading.environments import standings
from pushboat.routing.choosing import choose, named
from pushboat.store import releases
from pushboat.store.database.engine import Store

MOST_SHOWN = 20
"""Objects that are named; the rest is counted."""


def foretell(store: Store, repository: str, environment: str, wanted: str) -> Release | None:
    """Say what going back would change, and give the release that is meant; None where there is none to go to."""
    lane = Lane(repository=repository, environment=environment)
    known = releases.listed(store, lane)
    (standing,) = standings(store, repository, [environment])
    try:
        release = choose(known, standing, wanted)
    except CommandRefused:
        return None  # the one who decides says why, and leaves it in the audit
    for line in _lines(store, lane, None if standing.destroyed else known[0], release):
        output.say(line)
    return release


def _lines(store: Store, lane: Lane, runs: Release | None, release: Release) -> Iterator[str]:
    """Compare with what runs; where that was destroyed, with nothing."""
    now = releases.contents(store, lane, runs.number) if runs else {}
    then = releases.contents(store, lane, release.number)
    going = f"{lane.environment} goes back to {named(release)}"
    if now is None or then is None:
        yield f"{going}; what of it differs is not known"
        return
    now, then = lasting(now), lasting(then)
    yield f"{going}: {would_do(compared(now, then))}, against {named(runs) if runs else 'nothing'}"
    changes = list(_changes(now, then))
    yield from changes[:MOST_SHOWN]
    if len(changes) > MOST_SHOWN:
        yield f"  … and {len(changes) - MOST_SHOWN} more"


def _changes(now: Contents, then: Contents) -> Iterator[str]:
    for ref in sorted({*now, *then}):
        if ref not in now:
            yield f"  created    {ref}"
        elif ref not in then:
            yield f"  deleted    {ref}"
        elif now[ref] != then[ref]:
            yield f"  configured {ref}"
