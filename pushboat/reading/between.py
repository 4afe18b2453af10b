"""What differs between two releases of an environment, as they are stored: no cluster is asked, no Secret opened."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pushboat.errors import DeploymentFailed, PushboatError
from pushboat.model.changeset import Action, Change
from pushboat.model.comparing import MISSING, compared
from pushboat.model.deployment import Counts, Lane, short
from pushboat.model.json_forms import change_form, moment
from pushboat.model.release import RUNS, Contents, Release, lasting, named
from pushboat.model.release import compared as counted
from pushboat.model.stored_render import Bodies, bodies
from pushboat.model.wording import listed
from pushboat.store import releases
from pushboat.store.database.engine import Store

MOST_LISTED = 10
COMPARED_WITHIN = 2.0
"""Seconds for all objects together; what is left then is named, and not looked into."""
SEALED = "its values are sealed: only that it is another one is known"
HOOK = "a hook: it runs, and stays no longer"
TOO_MUCH = "not looked into: there was too much before it"


class NoSuchRelease(PushboatError):
    """There is no such release of the environment, or what it was made of is not kept any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Two releases, and what becomes of the objects on the way from one to the other; those that stay are counted."""

    before: Release
    after: Release
    changes: tuple[Change, ...]
    counts: Counts


def between(store: Store, lane: Lane, before: int = 0, after: int = 0) -> Between:
    """Compare two releases by their numbers; without the second the newest is meant, without the first the one before.

    Raises:
        NoSuchRelease: one of them is not there.
    """
    known = releases.listed(store, lane)
    newer = _chosen(lane, known, after or (known[0].number if known else 0))
    older = _chosen(lane, known, before or newer.number - 1)
    now, then = (_contents(store, lane, each) for each in (older, newer))
    changes = tuple(_changes(store, lane, older, newer, now, then))
    return Between(before=older, after=newer, changes=changes, counts=counted(lasting(now), lasting(then)))


def between_form(lane: Lane, found: Between) -> dict[str, Any]:
    """Write it for programs."""
    return {
        "repository": lane.repository,
        "environment": lane.environment,
        "from": _release_form(found.before),
        "to": _release_form(found.after),
        "sentence": sentence(found),
        "changes": [change_form(each) for each in found.changes],
    }


def sentence(found: Between) -> str:
    """Say it in one line."""
    counts = found.counts
    differ = f"{counts.created} created, {counts.configured} changed, {counts.deleted} deleted"
    way = f"from {named(found.before)} to {named(found.after)}"
    return f"{way}: {differ}, {counts.unchanged} the same" if found.changes else f"{way}: nothing differs"


def _release_form(release: Release) -> dict[str, Any]:
    return {
        "release": release.number,
        "sha": release.sha,
        "deployment": release.deployment,
        "at": moment(release.at),
        "rolled_back_to": release.again or None,
    }


def _chosen(lane: Lane, known: list[Release], number: int) -> Release:
    found = next((each for each in known if each.number == number), None)
    if found is not None and found.kept:
        return found
    where = f"{lane.repository} {lane.environment}"
    if not known:
        raise NoSuchRelease(f"{where} has no release yet")
    if found is not None:
        raise NoSuchRelease(f"what release {number} of {where} was made of is not kept any more")
    kept = [f"{each.number} ({short(each.sha)})" for each in known if each.kept][:MOST_LISTED]
    if number < 1:
        raise NoSuchRelease(f"{where} has no release before its first one")
    raise NoSuchRelease(f"{where} has no release {number}; there are: {listed(kept)}")


def _contents(store: Store, lane: Lane, release: Release) -> Contents:
    found = releases.contents(store, lane, release.number)
    if found is None:
        raise NoSuchRelease(f"what release {release.number} was made of is not kept any more")
    return found


def _changes(
    store: Store, lane: Lane, older: Release, newer: Release, now: Contents, then: Contents
) -> Iterator[Change]:
    differing = sorted(ref for ref in {*now, *then} if now.get(ref) != then.get(ref))
    if not differing:
        return
    left, right = (_bodies(store, lane, each) for each in (older, newer))
    called = (f"release {older.number}", f"release {newer.number}")
    until = time.monotonic() + COMPARED_WITHIN
    for ref in differing:
        action = Action.CREATED if ref not in now else Action.DELETED if ref not in then else Action.CONFIGURED
        notes = (HOOK,) if then.get(ref, now.get(ref, "")).startswith(RUNS) else ()
        if left.get(ref, MISSING) is None or right.get(ref, MISSING) is None:
            yield Change(ref=ref, action=action, notes=(*notes, SEALED))
        elif time.monotonic() > until:
            yield Change(ref=ref, action=action, notes=(*notes, TOO_MUCH))
        else:
            found = compared(ref, left.get(ref, MISSING), right.get(ref, MISSING), called)
            yield Change(ref=ref, action=action, diff=found.text, fields=found.fields, notes=notes)


def _bodies(store: Store, lane: Lane, release: Release) -> Bodies:
    packed = releases.packed(store, lane, release.number)
    try:
        return bodies(packed) if packed else {}
    except DeploymentFailed as later:
        raise NoSuchRelease(later.summary) from later
