"""Kinds that nothing acts on alone: they are what they say as soon as they are stored, and never say more."""

from collections.abc import Mapping

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
    # Custom kinds that are read by others when those run: templates, classes, references.
    "argoproj.io": frozenset(
        {
            "AppProject",
            "AnalysisTemplate",
            "ClusterAnalysisTemplate",
            "WorkflowTemplate",
            "ClusterWorkflowTemplate",
            "WorkflowEventBinding",
        }
    ),
    "apiextensions.crossplane.io": frozenset({"Composition", "CompositionRevision", "EnvironmentConfig"}),
    "pkg.crossplane.io": frozenset({"ControllerConfig", "DeploymentRuntimeConfig", "ImageConfig", "Lock"}),
    "flagger.app": frozenset({"MetricTemplate", "AlertProvider"}),
    "gateway.networking.k8s.io": frozenset({"ReferenceGrant"}),
    "kyverno.io": frozenset({"PolicyException"}),
    "keda.sh": frozenset({"TriggerAuthentication", "ClusterTriggerAuthentication"}),
    "kargo.akuity.io": frozenset({"Freight", "PromotionTask", "ClusterPromotionTask"}),
    "kueue.x-k8s.io": frozenset({"ResourceFlavor", "Topology"}),
    "longhorn.io": frozenset({"RecurringJob"}),
    "postgresql.cnpg.io": frozenset({"ImageCatalog", "ClusterImageCatalog"}),
    "serving.kserve.io": frozenset({"ServingRuntime", "ClusterServingRuntime"}),
    "triggers.tekton.dev": frozenset({"Trigger", "TriggerBinding", "TriggerTemplate", "ClusterTriggerBinding"}),
    "snapshot.storage.k8s.io": frozenset({"VolumeSnapshotClass"}),
    "tekton.dev": frozenset({"Pipeline", "Task", "ClusterTask", "StepAction"}),
    "traefik.io": frozenset({"Middleware", "IngressRoute", "IngressRouteTCP", "IngressRouteUDP", "TLSOption"}),
}


def is_passive(group: str, kind: str) -> bool:
    """Say whether a kind is healthy by being there."""
    return kind in PASSIVE.get(group, ())
