"""Wait for kinds that a definition of the cluster serves and that are not discovered yet: they come a moment later."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from pushboat.errors import ClusterRefused, ClusterUnavailable
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import BUILT_IN
from workers.cluster.client.lines import nothing_to_ask
from workers.cluster.objects import Object
from workers.cluster.reading.definitions import DEFINITION, DEFINITIONS, serves
from workers.cluster.reading.listing import NAMES_ONLY, list_place

DISCOVERED_WITHIN, UNREAD_WITHIN = 10.0, 2.0
"""Seconds from a definition's change to its discovery, and where nobody may read whether there is one; a healthy API
server needs less than one."""
LOOK_EVERY, LOOKS_AT_LEAST = 0.2, 5
"""Seconds, and how often, whatever that takes: a process that stood still for the whole time has looked once."""
Type = tuple[str, str, str]
"""A group, a version and a kind."""


def await_served(
    cluster: Cluster, wanted: Iterable[Type], say: Callable[[str], None], go_on: Callable[[], None] = nothing_to_ask
) -> None:
    """Wait until what the cluster's definitions serve of these kinds is discovered; nothing else is waited for.

    `go_on` is asked before each further look.

    Raises:
        ClusterUnavailable: the API server went away.
    """
    missing = {each for each in wanted if "." in each[0] and each[0] not in BUILT_IN and not _is_known(cluster, each)}
    if not missing:
        return
    cluster.kinds.refresh()  # a kind may be younger than the last discovery, which is not asked for twice in a second
    missing = {each for each in missing if not _is_known(cluster, each)}
    if not missing:
        return
    try:
        coming, within = _coming(cluster, missing), DISCOVERED_WITHIN
    except ClusterRefused:  # we may not read definitions
        coming, within = dict.fromkeys(missing, ""), UNREAD_WITHIN
    if names := ", ".join(sorted(set(coming.values()))):
        say(f"waiting until the API server serves {names} as it is now, for {within:.0f} s at most")
    deadline, looks = time.monotonic() + within, 0
    while coming and (time.monotonic() < deadline or looks < LOOKS_AT_LEAST):
        time.sleep(LOOK_EVERY)
        go_on()
        cluster.kinds.refresh()
        looks += 1
        coming = {each: name for each, name in coming.items() if not _is_known(cluster, each)}


def blame_nobody_for(cluster: Cluster, wanted: Type) -> None:
    """Let a kind that is not discovered be nobody's mistake where a definition of the cluster serves it.

    Raises:
        ClusterUnavailable: one does, and it is discovered a moment later.
    """
    with suppress(ClusterRefused):  # we may not read definitions
        for name in _coming(cluster, {wanted}).values():
            raise ClusterUnavailable(
                f"{name} serves {wanted[2]} ({wanted[0]}/{wanted[1]}), and cluster {cluster.name} does not yet"
            )


def _is_known(cluster: Cluster, wanted: Type) -> bool:
    return cluster.kinds.find(*wanted) is not None


def _coming(cluster: Cluster, missing: set[Type]) -> dict[Type, str]:
    """Find what definitions serve, each with its definition."""
    kind = cluster.kinds.find(*DEFINITION)
    if kind is None:
        return {}
    groups = {group for group, _, _ in missing}
    names = [each["metadata"]["name"] for each in list_place(cluster, (kind, ""), {}, NAMES_ONLY)]
    near = [name for name in names if name.partition(".")[2] in groups]
    found = cluster.pool.map(lambda name: cluster.find(f"{DEFINITIONS}/{name}"), near)
    return {each: name for live in found if live is not None for each, name in _served(live, missing)}


def _served(definition: Object, missing: set[Type]) -> Iterator[tuple[Type, str]]:
    spec, name = definition["spec"], definition["metadata"]["name"]
    for group, version, kind in missing:
        if (spec["group"], spec["names"]["kind"]) == (group, kind) and serves(definition, version):
            yield (group, version, kind), f"CustomResourceDefinition/{name}"
