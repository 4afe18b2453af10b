"""Choose the judge: what holds for every object first, then the kind's own rule, then common words.

The order is kstatus's; the rules for core kinds are Argo CD's with their gaps closed. What has no rule is Unverified.
"""

from collections.abc import Callable, Mapping, Sequence

from pushboat.model.health import Health, Judgement
from workers.cluster.health import definitions, jobs, network, pods, scaling, storage, workloads
from workers.cluster.health.reading import HEALTHY, Object, condition, degraded, is_true, progressing, unobserved, words

Judge = Callable[[Object, Sequence[Object]], Judgement]


def _alone(judge: Callable[[Object], Judgement]) -> Judge:
    return lambda live, _pods: judge(live)


JUDGES: Mapping[tuple[str, str], Judge] = {
    ("apps", "Deployment"): workloads.deployment,
    ("apps", "StatefulSet"): workloads.stateful_set,
    ("apps", "DaemonSet"): workloads.daemon_set,
    ("apps", "ReplicaSet"): workloads.replica_set,
    ("", "ReplicationController"): workloads.replica_set,
    ("batch", "Job"): jobs.job,
    ("batch", "CronJob"): _alone(jobs.cron_job),
    ("", "Pod"): _alone(pods.pod),
    ("", "PersistentVolumeClaim"): _alone(storage.claim),
    ("", "PersistentVolume"): _alone(storage.volume),
    ("", "Service"): _alone(network.service),
    ("networking.k8s.io", "Ingress"): _alone(network.ingress),
    ("autoscaling", "HorizontalPodAutoscaler"): _alone(scaling.autoscaler),
    ("policy", "PodDisruptionBudget"): _alone(scaling.disruption_budget),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _alone(definitions.custom_resource_definition),
    ("apiregistration.k8s.io", "APIService"): _alone(definitions.api_service),
    ("", "Namespace"): _alone(definitions.namespace),
}
PASSIVE: Mapping[str, frozenset[str]] = {
    "": frozenset(
        {"ConfigMap", "Secret", "ServiceAccount", "Endpoints", "LimitRange", "ResourceQuota", "PodTemplate", "Event"}
    ),
    "rbac.authorization.k8s.io": frozenset({"Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"}),
    "networking.k8s.io": frozenset({"NetworkPolicy", "IngressClass", "IPAddress", "ServiceCIDR"}),
    "storage.k8s.io": frozenset({"StorageClass", "CSIDriver", "VolumeAttributesClass"}),
    "scheduling.k8s.io": frozenset({"PriorityClass"}),
    "node.k8s.io": frozenset({"RuntimeClass"}),
    "discovery.k8s.io": frozenset({"EndpointSlice"}),
    "coordination.k8s.io": frozenset({"Lease"}),
    "apps": frozenset({"ControllerRevision"}),
    "flowcontrol.apiserver.k8s.io": frozenset({"FlowSchema", "PriorityLevelConfiguration"}),
    "admissionregistration.k8s.io": frozenset(
        {
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
        }
    ),
}
"""Kinds that nothing acts on: they are what they say as soon as they are stored."""


def assess(live: Object, pods: Sequence[Object] = ()) -> Judgement:
    """Judge an object as it stands; `pods` are a workload's own, of its newest revision where it has several."""
    group, kind = _group_kind(live)
    if live.get("metadata", {}).get("deletionTimestamp"):
        return progressing("is being deleted")
    if is_passive(group, kind):
        return HEALTHY
    judge = JUDGES.get((group, kind))
    if unobserved(live):
        return progressing("its controller has not seen the newest version yet")
    if is_true(live, "Reconciling"):
        return progressing(words(condition(live, "Reconciling")) or "is being reconciled")
    if is_true(live, "Stalled"):
        return degraded(words(condition(live, "Stalled")) or "is stalled", certain=True)
    return judge(live, pods) if judge else _by_convention(live, kind)


def is_passive(group: str, kind: str) -> bool:
    """Say whether a kind is healthy by being there."""
    return kind in PASSIVE.get(group, ())


def _by_convention(live: Object, kind: str) -> Judgement:
    ready = condition(live, "Ready")
    if not ready:
        return Judgement(Health.UNVERIFIED, f"no rule says when a {kind} is healthy")
    if ready.get("status") == "True":
        return HEALTHY
    return progressing(words(ready) or "is not ready")


def _group_kind(live: Object) -> tuple[str, str]:
    return str(live.get("apiVersion", "")).rpartition("/")[0], str(live.get("kind", ""))
