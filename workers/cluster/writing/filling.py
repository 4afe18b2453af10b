"""Fill an object in anew that the API server filled in by an older definition than the newest (docs/adr/0099).

An older definition that takes an object refuses nothing: its defaults are stored without a word, and would stay.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import BUILT_IN, Kind
from workers.cluster.objects import Object
from workers.cluster.planning.defaults import Default, stale, unowned
from workers.cluster.planning.filling import filled
from workers.cluster.reading.definitions import Newest, changed_at, name_of, named, newest, schema_of
from workers.cluster.writing.fresh import Fresh, made_anew, noted
from workers.cluster.writing.knowing import FIRST_PAUSE, LONGEST_PAUSE, YOUNG, is_young
from workers.cluster.writing.settling import Patch, refitted


def filled_in_anew(
    cluster: Cluster,
    kind: Kind,
    patch: Patch,
    after: Object,
    go_on: Callable[[], None],
    say: Callable[[str], None],
) -> tuple[Patch, bool]:
    """Give another attempt over the object as it was stored, and say whether it is due, once the API server caught up.

    Where it does not catch up while the definition is young, that is noted, and the object stays as it is.
    `go_on` is asked before each further look.

    Raises:
        ClusterUnavailable: the API server went away.
    """
    found = _changed_lately(cluster, kind, patch, after)
    old = _of_before(cluster, kind, patch, after, found) if found else ()
    if not found or not old:
        return patch, False
    pause = FIRST_PAUSE
    while True:
        fresh = made_anew(cluster, kind, patch.manifest.ref, patch.wishes.body)
        if fresh.why:
            return noted(patch, f"defaults not compared: {fresh.why}"), False
        gone = stale(patch.wishes, after, fresh.objects, None, patch.left)
        if all(each in gone for each in old):
            cluster.lags.over(found.definition)
            is_due = _are_defaults(cluster, kind, patch, after, old, fresh)
            return (refitted(patch, after) if is_due else patch), is_due
        waited = cluster.lags.seen(found.definition)
        if waited == 0.0:
            words = f"what {named(found.definition)} says now, for {YOUNG:.0f} s at most"
            say(f"waiting until the API server fills in {words}")
        if waited > YOUNG:
            words = f"the defaults may be those of before: {named(found.definition)} was not followed yet"
            return noted(patch, words), False
        time.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
        go_on()


def _changed_lately(cluster: Cluster, kind: Kind, patch: Patch, after: Object) -> Newest | None:
    """Read the definition of an object that may have another one's defaults; None where it has not."""
    if kind.group in BUILT_IN or not unowned(patch.wishes, after, None, patch.left):
        return None
    name = name_of(kind)
    is_known, known = cluster.lags.lately(name, kind.version)
    if is_known:
        changed: Newest | None = known
        return changed
    found = newest(cluster, kind)
    changed = found if found and is_young(found) else None
    cluster.lags.read(name, kind.version, changed)
    return changed


def _of_before(cluster: Cluster, kind: Kind, patch: Patch, after: Object, found: Newest) -> Sequence[Default]:
    """List what the newest definition would not fill in, less what the one before would not either: a webhook's."""
    old = stale(patch.wishes, after, [filled(patch.wishes.body, found.schema)], None, patch.left)
    former = cluster.lags.former(found.definition[0]) if old else None
    if former is None or not _is_followed_by(former, found):
        return old
    others = stale(patch.wishes, after, [filled(patch.wishes.body, schema_of(former, kind.version))], None, patch.left)
    return [each for each in old if each not in others]


def _is_followed_by(former: Mapping[str, Any], found: Newest) -> bool:
    """Say whether API servers may go by these two definitions only."""
    generation = int(former["metadata"].get("generation", 0))
    was_first_or_old = generation == 1 or found.changed_at - changed_at(former) > YOUNG
    return was_first_or_old and found.definition[1] == generation + 1


def _are_defaults(
    cluster: Cluster, kind: Kind, patch: Patch, after: Object, old: Sequence[Default], fresh: Fresh
) -> bool:
    """Say whether any of them is a default: what differs between two fresh objects is made for each, and stays."""
    another = made_anew(cluster, kind, patch.manifest.ref, patch.wishes.body)
    gone = stale(patch.wishes, after, (*fresh.objects, *another.objects), None, patch.left)
    return any(each in gone for each in old)
