"""Whose logs somebody wants to read of a deployment: the containers of its new pods, one replica of each workload."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pushboat.model.manifest import Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.examining import pods_of
from workers.cluster.explaining.logs import statuses
from workers.cluster.explaining.sentences import is_ready
from workers.cluster.objects import Object, annotations
from workers.cluster.waiting.belonging import WITH_PODS

DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One run of one container that has written something, or may; `ended` says that nothing will come after it."""

    pod: Object = field(repr=False)
    container: str
    run: str
    ended: bool

    @property
    def name(self) -> str:
        """Name it before its lines."""
        return f"{self.pod['metadata']['name']}/{self.container}"


def sources(cluster: Cluster, refs: Iterable[Ref], *, container: str = "", all_replicas: bool = False) -> list[Source]:
    """Find the containers of the newest pods of these objects that have started."""
    found: list[Source] = []
    for ref in refs:
        if (ref.group, ref.kind) not in WITH_PODS and (ref.group, ref.kind) != ("", "Pod"):
            continue
        for pod in _chosen(_pods(cluster, ref), all_replicas=all_replicas):
            found += _of(pod, container)
    return found


def _pods(cluster: Cluster, ref: Ref) -> Sequence[Object]:
    kind = cluster.kinds.preferred(ref.group, ref.kind)
    live = cluster.find(kind.path(ref.namespace, ref.name)) if kind else None
    return pods_of(cluster, live)[0] if live else ()


def _chosen(pods: Sequence[Object], *, all_replicas: bool) -> Sequence[Object]:
    """Choose one replica: one that does not run before one that does, for that is whose words are wanted."""
    there = [each for each in pods if not each["metadata"].get("deletionTimestamp")]
    there.sort(key=lambda each: (is_ready(each), each["metadata"]["name"]))
    return there if all_replicas else there[:1]


def _of(pod: Object, container: str) -> Iterator[Source]:
    wanted = container or annotations(pod).get(DEFAULT_CONTAINER) or pod["spec"]["containers"][0]["name"]
    ended = (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")
    for its in statuses(pod):
        if its["name"] == wanted and (run := _run(its)):
            yield Source(pod=pod, container=wanted, run=run, ended=ended)


def _run(its: Mapping[str, Any]) -> str:
    """Name a container's run; nothing before its first one."""
    return str(its.get("containerID") or "")
