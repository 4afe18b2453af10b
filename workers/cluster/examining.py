"""Look at one object of a cluster, once, for somebody who asks why it is as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from pushboat.errors import ApplyRejected
from pushboat.model.container_log import ContainerLog
from pushboat.model.health import Finding, Health, Judgement
from pushboat.model.manifest import Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.explaining.evidence import Evidence
from workers.cluster.explaining.explaining import explain
from workers.cluster.health import assess
from workers.cluster.objects import Object, ref_of
from workers.cluster.reading.listing import list_place
from workers.cluster.waiting.belonging import WITH_PODS, newest_pods, older_pods, selector
from workers.cluster.waiting.lingering import with_old_pods

PODS = Kind("", "v1", "Pod", "pods", namespaced=True)
REPLICA_SETS = Kind("apps", "v1", "ReplicaSet", "replicasets", namespaced=True)
NOT_THERE = Judgement(Health.MISSING, "is not in the cluster")


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was found: the object's health with the reason, its conditions as sentences, and the evidence."""

    finding: Finding
    conditions: tuple[str, ...] = ()
    details: str = ""
    logs: tuple[ContainerLog, ...] = ()


class UnknownKind(ApplyRejected):
    """The cluster has no kind of this name."""


def examine(cluster: Cluster, word: str, name: str, namespace: str) -> Examined:
    """Say how one object is doing and why; `word` is its kind as people type it.

    Raises:
        UnknownKind: the cluster serves nothing of that name.
        ClusterRefused, ClusterUnavailable: it cannot be read.
    """
    kind = cluster.kinds.called(word)
    if kind is None:
        raise UnknownKind(f"cluster {cluster.name} has no kind called {word}")
    space = namespace if kind.namespaced else ""
    live = cluster.find(kind.path(space, name))
    if live is None:
        return Examined(finding=Finding(Ref(kind.group, kind.kind, space, name), NOT_THERE))
    live = {**live, "apiVersion": f"{kind.group}/{kind.version}" if kind.group else kind.version, "kind": kind.kind}
    ref = ref_of(live)
    judged, new, old = judge(cluster, live)
    finding, conditions = Finding(ref, judged), _conditions(live)
    if judged.health in (Health.HEALTHY, Health.UNVERIFIED):
        return Examined(finding=finding, conditions=conditions)
    told = explain(cluster, [finding], Evidence(objects={ref: live}, new_pods={ref: new}, old_pods={ref: old}))
    return Examined(finding=told.findings[0], conditions=conditions, details=told.details, logs=told.logs)


def judge(cluster: Cluster, live: Object) -> tuple[Judgement, Sequence[Object], Sequence[Object]]:
    """Judge one object that was just read; give its pods too, the new ones and the older ones."""
    new, old = pods_of(cluster, live)
    return with_old_pods(live, assess(live, new, cluster.rules), new, old), new, old


def pods_of(cluster: Cluster, live: Object) -> tuple[Sequence[Object], Sequence[Object]]:
    """Read a workload's pods: those of its newest revision, and those that an earlier one left; a pod is its own."""
    ref = ref_of(live)
    if (ref.group, ref.kind) == ("", "Pod"):
        return [live], []
    if (ref.group, ref.kind) not in WITH_PODS:
        return [], []
    chosen = {"labelSelector": selector(live)}
    pods = list_place(cluster, (PODS, ref.namespace), chosen)
    sets = list_place(cluster, (REPLICA_SETS, ref.namespace), chosen) if ref.kind == "Deployment" else []
    return newest_pods(live, sets, pods), older_pods(live, sets, pods)


def _conditions(live: Object) -> tuple[str, ...]:
    found = (live.get("status") or {}).get("conditions") or ()
    return tuple(_condition(each) for each in found if isinstance(each, dict))


def _condition(its: Object) -> str:
    why = ": ".join(str(its[name]) for name in ("reason", "message") if its.get(name))
    said = f"{its.get('type')} is {its.get('status')}"
    return f"{said} ({' '.join(why.split())})" if why else said
