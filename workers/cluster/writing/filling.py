"""Fill an object in anew that the API server filled in by an older definition than the newest (docs/adr/0099).

An older definition that takes an object refuses nothing: its defaults are stored without a word, and would stay.
"""

import time
from collections.abc import Callable, Sequence

from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import BUILT_IN, Kind
from workers.cluster.objects import Object
from workers.cluster.planning.defaults import Default, stale, unowned
from workers.cluster.planning.filling import filled
from workers.cluster.reading.definitions import Newest, name_of, named, newest
from workers.cluster.writing.fresh import made_anew, noted
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
    if found is None:
        return patch, False
    by_the_newest = filled(patch.wishes.body, found.schema)
    old = stale(patch.wishes, after, [by_the_newest], None, patch.left)
    if not old:
        return patch, False
    if cluster.lags.seen(found.definition) == 0.0:
        say(f"waiting until the API server fills in what {named(found.definition)} says now, for {YOUNG:.0f} s at most")
    if not _caught_up(cluster, kind, patch, after, old, found, go_on):
        return noted(
            patch, f"the defaults may be those of before: {named(found.definition)} was not followed yet"
        ), False
    cluster.lags.over(found.definition)
    return refitted(patch, after), True


def _changed_lately(cluster: Cluster, kind: Kind, patch: Patch, after: Object) -> Newest | None:
    """Read the definition of an object that may have another one's defaults; None where it has not."""
    if kind.group in BUILT_IN or not unowned(patch.wishes, after, None, patch.left):
        return None
    name = name_of(kind)
    if cluster.lags.is_at_rest(name):
        return None
    found = newest(cluster, kind)
    if found is None or not is_young(found):
        cluster.lags.rests(name)
        return None
    return found


def _caught_up(
    cluster: Cluster,
    kind: Kind,
    patch: Patch,
    after: Object,
    old: Sequence[Default],
    found: Newest,
    go_on: Callable[[], None],
) -> bool:
    """Wait until a fresh object would not get any of the old defaults."""
    pause = FIRST_PAUSE
    while True:
        fresh = made_anew(cluster, kind, patch.manifest.ref, patch.wishes.body)
        if fresh.why:
            return False
        gone = stale(patch.wishes, after, fresh.objects, None, patch.left)
        if all(each in gone for each in old):
            return True
        if cluster.lags.seen(found.definition) > YOUNG:
            return False
        time.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
        go_on()
