"""The last things to go: the namespaces, and the inventory, which goes with its own namespace or alone."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workers.cluster.client.connection import Cluster
from workers.cluster.inventory import erase, narrow, read
from workers.cluster.objects import held_by
from workers.cluster.planning.removal import Removal
from workers.cluster.planning.words import Stale
from workers.cluster.reading.namespaces import remaining
from workers.cluster.removing.namespaces import end, find
from workers.cluster.removing.remains import LOOKS_EVERY

NAMESPACES_NEED = 60.0
"""Seconds at least: its controller begins five seconds after a namespace's deletion, and looks at every kind then."""
HOLDS_THE_INVENTORY = "the inventory of what stays is in it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of the namespaces."""

    gone: tuple[Stale, ...] = ()
    kept: tuple[Stale, ...] = ()
    stuck: tuple[Stale, ...] = ()


def end_namespaces(
    cluster: Cluster,
    spaces: Sequence[Stale],
    removal: Removal,
    stay: Sequence[Stale],
    *,
    fence: int,
    may_write: Callable[[], None],
    within: float,
) -> Ended:
    """Delete the namespaces that may go, the inventory's own last; `stay` are members that do not go."""
    parent, members = removal.inventory.parent, {each.ref for each in removal.namespaces}
    kept: list[Stale] = []
    asked: list[Stale] = []
    for space in sorted(spaces, key=lambda each: each.ref.name == parent.namespace):
        home = space.ref.name == parent.namespace
        left = [*stay, *(each for each in kept if each.ref in members)]
        why = HOLDS_THE_INVENTORY if home and left else end(cluster, space, parent, within, may_write)
        if why:
            kept.append(replace(space, kept=why))
        else:
            asked.append(space)
    ended = _gone(cluster, asked, kept, within, may_write)
    if parent.namespace not in {each.ref.name for each in asked}:
        refs = [*(each.ref for each in stay), *(each.ref for each in (*kept, *ended.stuck) if each.ref in members)]
        inventory = read(cluster, removal.inventory)
        if refs and inventory.exists:
            narrow(cluster, inventory, refs, fence, may_write)
        elif not refs:
            erase(cluster, inventory, fence, may_write)
    return ended


def _gone(
    cluster: Cluster, asked: Sequence[Stale], kept: Sequence[Stale], within: float, may_write: Callable[[], None]
) -> Ended:
    """Wait for namespaces that are being deleted, and say what holds those that do not go."""
    deadline = time.monotonic() + max(within, NAMESPACES_NEED)
    while True:
        there = [(each, live) for each in asked if (live := find(cluster, each.ref.name)) is not None]
        if not there or time.monotonic() > deadline:
            break
        may_write()
        time.sleep(LOOKS_EVERY)
    stuck = tuple(replace(each, kept=f"{held_by(live)}: {remaining(live)}") for each, live in there)
    left = {each.ref for each in stuck}
    return Ended(gone=tuple(each for each in asked if each.ref not in left), kept=tuple(kept), stuck=stuck)
