"""Look at a revision's objects once: judge what the watches hold, with the pods of what is not ready."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pushboat.config.health import Rules
from pushboat.model.health import Finding, Health, Judgement
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.client.kinds import Kind, Kinds
from workers.cluster.health import assess, is_passive
from workers.cluster.health.reading import HEALTHY
from workers.cluster.objects import Object, ref_of
from workers.cluster.reading.listing import places
from workers.cluster.waiting.belonging import REPLACES_NO_PODS, WITH_PODS, newest_pods, older_pods, owned, selector
from workers.cluster.waiting.descending import dependents
from workers.cluster.waiting.fleeting import is_fleeting, remembered
from workers.cluster.waiting.lingering import with_old_pods
from workers.cluster.waiting.watches import Question, Watches

PODS = Kind("", "v1", "Pod", "pods", namespaced=True)
REPLICA_SETS = Kind("apps", "v1", "ReplicaSet", "replicasets", namespaced=True)
WORKLOADS_SELECTED_ONE_BY_ONE = 4
"""Unready workloads of one namespace whose pods are watched one by one; more are worth one watch of all pods."""
_UNREADY = (Health.PROGRESSING, Health.DEGRADED)


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: findings in the order of the manifests, the objects, and the pods of the workloads in question;
    `dependents` is what other objects made."""

    findings: tuple[Finding, ...] = ()
    objects: Mapping[Ref, Object] = field(default_factory=dict, repr=False)
    new_pods: Mapping[Ref, Sequence[Object]] = field(default_factory=dict, repr=False)
    old_pods: Mapping[Ref, Sequence[Object]] = field(default_factory=dict, repr=False)
    replica_sets: Mapping[Ref, Sequence[Object]] = field(default_factory=dict, repr=False)
    dependents: Mapping[Ref, Sequence[Object]] = field(default_factory=dict, repr=False)


def look(
    watches: Watches,
    manifests: Sequence[Manifest],
    labels: str,
    *,
    with_pods_of: Collection[Ref],
    rolled: Collection[Ref] = (),
    expected: Collection[Ref] = (),
) -> Look:
    """Judge all objects as they stand now; `with_pods_of` are workloads whose pods matter although they are ready,
    `expected` are objects that were written so recently that nothing may have been heard of them. Of what was `rolled`
    out, the pods that are watched already are named although they count no more.

    Raises:
        ClusterUnavailable, ClusterRefused: something cannot be read.
    """
    rules = watches.cluster.rules
    watched = [each for each in manifests if needs_a_look(each, rules)]
    asked = questions(watches.cluster.kinds, watched, labels)
    found = {ref_of(each): each for each in watches.of(asked)}
    with_pods = [live for ref, live in found.items() if _pods_matter(ref, live, with_pods_of)]
    pods, sets = _pods(watches, with_pods)
    new_pods = {ref_of(live): newest_pods(live, sets, pods) for live in with_pods}
    old_pods = {ref_of(live): older_pods(live, sets, pods) for live in with_pods}
    ended = {ref_of(each): each for each in watches.gone(asked)}
    judgements = {
        each.ref: remembered(
            found.get(each.ref), ended.get(each.ref), new_pods.get(each.ref, ()), is_expected=each.ref in expected
        )
        if is_fleeting(each)
        else _judgement(found.get(each.ref), new_pods.get(each.ref, ()), old_pods.get(each.ref, ()), rules)
        for each in watched
    }
    findings = tuple(Finding(each.ref, judgements.get(each.ref, HEALTHY)) for each in manifests)
    ready = [live for ref, live in found.items() if ref in rolled and ref not in new_pods]
    sets_of, made = _sets_of(with_pods, sets), dependents(watches, found)
    return _with_known_pods(watches, Look(findings, found, new_pods, old_pods, sets_of, made), ready)


def needs_a_look(manifest: Manifest, rules: Rules) -> bool:
    """Say whether an object has anything to wait for."""
    ref = manifest.ref
    if (ref.group, ref.kind) in rules:
        return True
    if (ref.group, ref.kind) == ("", "Service"):  # only a load balancer has something to wait for
        return (manifest.body.get("spec") or {}).get("type") == "LoadBalancer"
    return not is_passive(ref.group, ref.kind)


def questions(kinds: Kinds, manifests: Sequence[Manifest], labels: str) -> list[Question]:
    """Name the places that hold these objects, in the versions that they are written in."""
    where: dict[Kind, set[str]] = defaultdict(set)
    for each in manifests:
        if kind := kinds.find(each.ref.group, each.version, each.ref.kind):
            where[kind].add(each.ref.namespace)
    return [(place, labels) for kind, spaces in where.items() for place in places([kind], spaces)]


def _pods_matter(ref: Ref, live: Object, with_pods_of: Collection[Ref]) -> bool:
    kind = (ref.group, ref.kind)
    return kind in REPLACES_NO_PODS or (kind in WITH_PODS and (ref in with_pods_of or assess(live).health in _UNREADY))


def _with_known_pods(watches: Watches, seen: Look, ready: Sequence[Object]) -> Look:
    """Add the pods of workloads that were waited for, as their watches have them: nothing is asked for that."""
    asked = [
        question
        for live in ready
        for kind in (PODS, REPLICA_SETS)
        for labels in ("", selector(live))
        if watches.known(question := ((kind, live["metadata"].get("namespace", "")), labels))
    ]
    pods, sets = _apart(watches.of(asked))
    return replace(
        seen,
        new_pods={**seen.new_pods, **{ref_of(live): newest_pods(live, sets, pods) for live in ready}},
        old_pods={**seen.old_pods, **{ref_of(live): older_pods(live, sets, pods) for live in ready}},
        replica_sets={**seen.replica_sets, **_sets_of(ready, sets)},
    )


def _sets_of(workloads: Sequence[Object], sets: Sequence[Object]) -> dict[Ref, list[Object]]:
    return {ref_of(live): owned(live, sets) for live in workloads}


def _judgement(live: Object | None, new_pods: Sequence[Object], old_pods: Sequence[Object], rules: Rules) -> Judgement:
    if live is None:
        return Judgement(Health.MISSING, "is not in the cluster: somebody deleted it")
    return with_old_pods(live, assess(live, new_pods, rules), new_pods, old_pods)


def _pods(watches: Watches, workloads: Sequence[Object]) -> tuple[list[Object], list[Object]]:
    by_namespace: dict[str, list[Object]] = defaultdict(list)
    for live in workloads:
        by_namespace[live["metadata"]["namespace"]].append(live)
    asked: list[Question] = []
    for namespace, some in by_namespace.items():
        whole = len(some) > WORKLOADS_SELECTED_ONE_BY_ONE or watches.known(((PODS, namespace), ""))
        asked += (((PODS, namespace), "" if whole else selector(each)) for each in some)
        owning = [each for each in some if each["kind"] == "Deployment"]
        asked += (((REPLICA_SETS, namespace), "" if whole else selector(each)) for each in owning)
    return _apart(watches.of(asked))


def _apart(found: Sequence[Object]) -> tuple[list[Object], list[Object]]:
    seen = {each["metadata"]["uid"]: each for each in found}.values()
    return [each for each in seen if each["kind"] == "Pod"], [each for each in seen if each["kind"] == "ReplicaSet"]
