"""Fields that cannot change once an object is there: one table by kind, for what nobody has tried yet."""

from collections.abc import Iterator, Mapping

from pushboat.model.changeset import Action, FieldChange
from pushboat.model.wording import listed
from workers.cluster.objects import Object
from workers.cluster.planning.warnings.words import Prospect, Prospects, is_at, part

FIXED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("apps", "Deployment"): ("spec.selector",),
    ("apps", "ReplicaSet"): ("spec.selector",),
    ("apps", "DaemonSet"): ("spec.selector",),
    ("apps", "StatefulSet"): (
        "spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates",
    ),
    ("batch", "Job"): (
        "spec.selector", "spec.template", "spec.completionMode", "spec.completions", "spec.podFailurePolicy",
        "spec.successPolicy", "spec.backoffLimitPerIndex", "spec.podReplacementPolicy", "spec.managedBy",
    ),
    ("", "PersistentVolumeClaim"): (
        "spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName", "spec.volumeMode",
        "spec.dataSource", "spec.dataSourceRef",
    ),
    ("", "Service"): ("spec.clusterIP", "spec.clusterIPs", "spec.loadBalancerClass"),
    ("", "Secret"): ("type",),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef",),
    ("storage.k8s.io", "StorageClass"): ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"),
    ("scheduling.k8s.io", "PriorityClass"): ("value", "preemptionPolicy"),
    ("node.k8s.io", "RuntimeClass"): ("handler",),
    ("networking.k8s.io", "IngressClass"): ("spec.controller",),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): ("spec.scope", "spec.group", "spec.names.kind"),
}  # fmt: skip
"""What the API server refuses to change, by group and kind."""
_SEALED = {("", "ConfigMap"): ("data", "binaryData", "immutable"), ("", "Secret"): ("data", "immutable")}
"""What cannot change either in an object that says `immutable: true`."""


def fixed_ahead(prospect: Prospect, _prospects: Prospects) -> Iterator[str]:
    """Warn of a field that the API server will not change, where it could not be asked."""
    if prospect.tried or prospect.action is not Action.CONFIGURED:
        return
    if found := fixed_fields(prospect.ref.group, prospect.ref.kind, prospect.before, prospect.fields):
        names = listed(dict.fromkeys(each.path for each in found[:2]))
        kind = prospect.ref.kind
        yield (
            f"give the {kind} a new name, or let this environment recreate it (`recreate: [{kind}]`) — "
            f"{names} of {prospect.ref} cannot change"
        )


def fixed_fields(
    group: str, kind: str, before: Object | None, fields: tuple[FieldChange, ...]
) -> tuple[FieldChange, ...]:
    """Pick the changes that an object cannot take; what was not set at all may be set in most of these places."""
    if before is None:
        return ()
    known = places(group, kind, before)
    return tuple(
        each
        for each in fields
        if any(is_at(each.path, place) and (each.path != place or each.old is not None) for place in known)
    )


def places(group: str, kind: str, before: Object) -> tuple[str, ...]:
    """List where an object cannot change; one that is sealed, or a Job that has not begun, differs from its kind."""
    sealed = _SEALED.get((group, kind), ()) if before.get("immutable") else ()
    begins = kind == "Job" and part(before, "spec").get("suspend") is True
    return tuple(each for each in (*FIXED.get((group, kind), ()), *sealed) if not begins or each != "spec.template")
