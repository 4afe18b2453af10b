"""The last lines of a container: few, short, and with nothing in them that a terminal or a page would obey."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from pushboat.model.container_log import LONGEST_LINE, MOST_LINES, ContainerLog
from pushboat.model.wording import printable
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.refusals import Answered
from workers.cluster.client.streams import Broken
from workers.cluster.objects import Object

PODS = Kind("", "v1", "Pod", "pods", namespaced=True)
FORBIDDEN = 403
MOST_BYTES = 1 << 16
"""Of one answer; ten lines rarely have a thousand."""
LONGEST_FOLLOWED = 10_000
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")


class LogsForbidden(ClusterRefused):
    """We may not read what containers say; the rest of an explanation goes without it."""


def last_lines(cluster: Cluster, pod: Object, container: str = "") -> list[ContainerLog]:
    """Read what the named container said last, or each that did not come up; its run before a restart first.

    Raises:
        LogsForbidden: this identity may not read logs there.
    """
    found = []
    for name, previous in _runs(pod, container):
        if lines := _lines(cluster, pod, name, previous=previous):
            name_of_pod = pod["metadata"]["name"]
            found.append(ContainerLog(pod=name_of_pod, container=name, lines=lines, previous=previous))
    return found


def whole_log(cluster: Cluster, pod: Object, container: str, tail: int) -> list[str]:
    """Read the end of a container's log."""
    text = cluster.text(log_path(pod), {"container": container, "tailLines": str(tail)})
    return [legible(line, LONGEST_FOLLOWED) for line in text.splitlines()]


def lines_since(cluster: Cluster, pod: Object, container: str, last: str, tail: int) -> list[tuple[str, str]]:
    """Read a container's lines after the moment `last`, each with its own; without one the end of its log."""
    query = {"container": container, "timestamps": "true", "limitBytes": str(MOST_BYTES)}
    query |= {"sinceTime": last} if last else {"tailLines": str(tail)}
    text = cluster.text(log_path(pod), query)
    whole = text.splitlines()
    if len(text.encode()) >= MOST_BYTES and len(whole) > 1:
        whole.pop()  # it may be cut, and the next look begins with it
    timed = map(_timed, whole)
    return [(moment, legible(line, LONGEST_FOLLOWED)) for moment, line in timed if not (moment and moment <= last)]


def follow_log(cluster: Cluster, pod: Object, container: str, tail: int) -> Iterator[str]:
    """Give a container's lines as they come, until it ends; a connection that breaks is made again where it broke."""
    query = {"container": container, "tailLines": str(tail), "follow": "true", "timestamps": "true"}
    last = ""
    while True:
        with suppress(Broken):
            with cluster.stream(log_path(pod), query) as stream:
                for raw in stream.lines():
                    moment, line = _timed(raw.decode("utf-8", "replace"))
                    if moment and moment <= last:
                        continue  # told before the connection broke
                    last = moment or last
                    yield legible(line, LONGEST_FOLLOWED)
            return
        query = {**query, "sinceTime": last} if last else {**query, "tailLines": "0"}


def _timed(line: str) -> tuple[str, str]:
    """Take the time off a line that has one."""
    moment, _, rest = line.partition(" ")
    return (moment, rest) if _MOMENT.fullmatch(moment) else ("", line)


def log_path(pod: Object) -> str:
    """Name where a pod's logs are read."""
    return f"{PODS.path(pod['metadata']['namespace'], pod['metadata']['name'])}/log"


def legible(line: str, longest: int = LONGEST_LINE) -> str:
    """Make one line of a log safe to show."""
    return printable(_COLOUR.sub("", line).rstrip().expandtabs(4), longest)


def _runs(pod: Object, container: str) -> Iterator[tuple[str, bool]]:
    """Name the containers that have run, each with whether the run before is meant: a crash and what goes on since."""
    for its in statuses(pod):
        if (container and its["name"] != container) or (not container and its.get("ready")):
            continue
        state, last = its.get("state") or {}, (its.get("lastState") or {}).get("terminated")
        if last and state.get("running"):
            yield its["name"], True
        if last or state.get("running") or state.get("terminated"):
            yield its["name"], False


def statuses(pod: Object) -> list[Mapping[str, Any]]:
    """Give the statuses of all containers, those that prepare first."""
    status = pod.get("status") or {}
    return [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]


def _lines(cluster: Cluster, pod: Object, container: str, *, previous: bool) -> tuple[str, ...]:
    query = {"container": container, "tailLines": str(MOST_LINES), "limitBytes": str(MOST_BYTES)}
    try:
        text = cluster.text(log_path(pod), {**query, "previous": "true"} if previous else query)
    except (ApplyRejected, ClusterRefused, ClusterUnavailable) as refused:
        if isinstance(refused, Answered) and refused.code == FORBIDDEN:
            raise LogsForbidden(refused.summary) from refused
        return ()  # it is gone, or has not begun: there are no lines
    return tuple(map(legible, text.splitlines()[-MOST_LINES:]))
