"""Look at a revision's objects once: read them, read the pods of what is not ready, and judge."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pushboat.config.health import Rules
from pushboat.model.health import Finding, Health, Judgement
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.health import assess, is_passive
from workers.cluster.health.reading import HEALTHY
from workers.cluster.objects import Object, ref_of
from workers.cluster.reading.listing import list_all, list_place, places
from workers.cluster.waiting.belonging import newest_pods, older_pods, selector

WITH_PODS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"})
PODS = Kind("", "v1", "Pod", "pods", namespaced=True)
REPLICA_SETS = Kind("apps", "v1", "ReplicaSet", "replicasets", namespaced=True)
WORKLOADS_SELECTED_ONE_BY_ONE = 4
"""Unready workloads of one namespace whose pods are listed one by one; more are worth one list of all pods."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: findings in the order of the manifests, and the pods of each workload that is not ready."""

    findings: tuple[Finding, ...] = ()
    new_pods: Mapping[Ref, Sequence[Object]] = field(default_factory=dict, repr=False)
    old_pods: Mapping[Ref, Sequence[Object]] = field(default_factory=dict, repr=False)


def look(
    cluster: Cluster, manifests: Sequence[Manifest], labels: str, *, with_pods: bool, before: Sequence[Finding] = ()
) -> Look:
    """Judge all objects as they stand now; `before` are the findings of the last look."""
    watched = [each for each in manifests if _needs_a_look(each, cluster.rules)]
    found = _read(cluster, watched, labels)
    unready = [live for live in found.values() if live["kind"] in WITH_PODS and assess(live).health in _UNREADY]
    new_pods: dict[Ref, Sequence[Object]] = {}
    old_pods: dict[Ref, Sequence[Object]] = {}
    if with_pods and unready:
        pods, sets = _pods(cluster, unready)
        for live in unready:
            new_pods[ref_of(live)] = newest_pods(live, sets, pods)
            old_pods[ref_of(live)] = older_pods(live, sets, pods)
    seen = {each.ref: each.judgement for each in before}
    judgements = {each.ref: _judgement(each, found.get(each.ref), new_pods, seen, cluster.rules) for each in watched}
    findings = tuple(Finding(each.ref, judgements.get(each.ref, HEALTHY)) for each in manifests)
    return Look(findings, new_pods, old_pods)


UNSEEN = Judgement(
    Health.UNVERIFIED, "was cleaned up before we saw how it ended: a longer ttlSecondsAfterFinished helps"
)
_UNREADY = (Health.PROGRESSING, Health.DEGRADED)


def _needs_a_look(manifest: Manifest, rules: Rules) -> bool:
    ref = manifest.ref
    if (ref.group, ref.kind) in rules:
        return True
    if (ref.group, ref.kind) == ("", "Service"):  # only a load balancer has something to wait for
        return (manifest.body.get("spec") or {}).get("type") == "LoadBalancer"
    return not is_passive(ref.group, ref.kind)


def _judgement(
    manifest: Manifest,
    live: Object | None,
    pods: Mapping[Ref, Sequence[Object]],
    seen: Mapping[Ref, Judgement],
    rules: Rules,
) -> Judgement:
    fleeting = manifest.ref.kind == "Job" and "ttlSecondsAfterFinished" in (manifest.body.get("spec") or {})
    if live is not None:
        return assess(_as_if_it_stayed(live) if fleeting else live, pods.get(manifest.ref, ()), rules)
    if fleeting:
        if seen.get(manifest.ref, UNSEEN).health is Health.HEALTHY:
            return Judgement(Health.HEALTHY, "finished and cleaned up")
        return UNSEEN
    return Judgement(Health.MISSING, "is not in the cluster: somebody deleted it")


def _as_if_it_stayed(live: Object) -> Object:
    """Take a Job that is being cleaned up for what it was: how it ended still counts."""
    metadata = {key: each for key, each in live["metadata"].items() if key != "deletionTimestamp"}
    return {**live, "metadata": metadata}


def _read(cluster: Cluster, manifests: Sequence[Manifest], labels: str) -> dict[Ref, Object]:
    where: dict[Kind, set[str]] = defaultdict(set)
    for each in manifests:
        if kind := cluster.kinds.find(each.ref.group, each.version, each.ref.kind):
            where[kind].add(each.ref.namespace)
    asked = [place for kind, spaces in where.items() for place in places([kind], spaces)]
    return {ref_of(each): each for each in list_all(cluster, asked, labels)}


def _pods(cluster: Cluster, unready: Sequence[Object]) -> tuple[list[Object], list[Object]]:
    by_namespace: dict[str, list[Object]] = defaultdict(list)
    for live in unready:
        by_namespace[live["metadata"]["namespace"]].append(live)
    queries: list[tuple[Kind, str, str]] = []
    for namespace, workloads in by_namespace.items():
        chosen = [selector(each) for each in workloads] if len(workloads) <= WORKLOADS_SELECTED_ONE_BY_ONE else [""]
        queries += [(PODS, namespace, text) for text in chosen]
        if any(each["kind"] == "Deployment" for each in workloads):
            queries += [(REPLICA_SETS, namespace, text) for text in chosen]
    answers = list(cluster.pool.map(lambda query: _listed(cluster, *query), queries))
    seen = {each["metadata"]["uid"]: each for some in answers for each in some}.values()
    return [each for each in seen if each["kind"] == "Pod"], [each for each in seen if each["kind"] == "ReplicaSet"]


def _listed(cluster: Cluster, kind: Kind, namespace: str, labels: str) -> list[Object]:
    return list(list_place(cluster, (kind, namespace), {"labelSelector": labels}))
