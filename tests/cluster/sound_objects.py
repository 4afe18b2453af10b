"""One sound object of every kind that people push, as small as the API server takes it."""

from typing import Any

Body = dict[str, Any]


def written(api_version: str, kind: str, **rest: Any) -> Body:
    """Write an object in the namespace `default`; its name is the same for all, but where the kind prescribes one."""
    name = {"CustomResourceDefinition": "probes.probe.example.com", "APIService": "v1.x.example.com"}.get(kind, "probe")
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": "default"}, **rest}


APP = {"name": "app", "image": "x"}
ONCE = {"spec": {"containers": [APP], "restartPolicy": "Never"}}
TEMPLATE = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [APP]}}
SELECTOR = {"matchLabels": {"a": "b"}}
STORAGE = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
EXPRESSIONS = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}
PODS = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
READ_PODS = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
RBAC = "rbac.authorization.k8s.io"
SCALED = {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}, "maxReplicas": 2}
VOLUME = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"]}
UTILIZATION = {"type": "Utilization", "averageUtilization": 5}
BACKEND = {"service": {"name": "x", "port": {"number": 80}}}
WEBHOOK = {
    "name": "a.example.com",
    "clientConfig": {"service": {"name": "x", "namespace": "y"}},
    "sideEffects": "None",
    "admissionReviewVersions": ["v1"],
    "matchConditions": [{"name": "x", "expression": "true"}],
    "rules": [PODS],
}
INTEGER = {"type": "object", "properties": {"x": {"type": "integer"}}}
SCHEMA = {
    "type": "object",
    "x-kubernetes-validations": [{"rule": "true"}],
    "properties": {"spec": INTEGER, "status": INTEGER},
}
VERSION = {
    "name": "v1",
    "served": True,
    "storage": True,
    "subresources": {"scale": {"specReplicasPath": ".spec.x", "statusReplicasPath": ".status.x"}},
    "additionalPrinterColumns": [{"name": "x", "type": "string", "jsonPath": ".spec.x"}],
    "schema": {"openAPIV3Schema": SCHEMA},
}


def pod(volumes: list[Body], **container: Any) -> Body:
    return written("v1", "Pod", spec={"containers": [{**APP, **container}], "volumes": volumes})


def autoscaler(kind: str, **source: Any) -> Body:
    metric = {"type": kind[0].upper() + kind[1:], kind: source}
    return written("autoscaling/v2", "HorizontalPodAutoscaler", spec={**SCALED, "metrics": [metric]})


RICH = (
    autoscaler("resource", name="cpu", target=UTILIZATION),
    autoscaler("containerResource", name="cpu", container="x", target=UTILIZATION),
    autoscaler("pods", metric={"name": "m"}, target={"type": "AverageValue", "averageValue": "1"}),
    autoscaler("external", metric={"name": "m"}, target={"type": "Value", "value": "1"}),
    autoscaler(
        "object",
        metric={"name": "m"},
        target={"type": "Value", "value": "1"},
        describedObject={"kind": "Service", "name": "x", "apiVersion": "v1"},
    ),
    written("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", webhooks=[WEBHOOK]),
    written("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", webhooks=[WEBHOOK]),
    written(
        "networking.k8s.io/v1",
        "Ingress",
        spec={
            "rules": [
                {
                    "host": "a.example.com",
                    "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": BACKEND}]},
                }
            ]
        },
    ),
    written(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        spec={"podSelector": EXPRESSIONS, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]},
    ),
    pod(
        [{"name": "v", "emptyDir": {}}],
        volumeMounts=[{"name": "v", "mountPath": "/x"}],
        env=[{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
    ),
    pod(
        [{"name": "v", "nfs": {"server": "a", "path": "/x"}}],
        env=[{"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}],
    ),
    pod(
        [{"name": "v", "ephemeral": {"volumeClaimTemplate": {"spec": {**STORAGE, "volumeMode": "Block"}}}}],
        volumeDevices=[{"name": "v", "devicePath": "/x"}],
    ),
    written("v1", "PersistentVolume", spec={**VOLUME, "csi": {"driver": "a.b", "volumeHandle": "x"}}),
    written(
        "v1",
        "PersistentVolume",
        spec={
            **VOLUME,
            "local": {"path": "/x"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [EXPRESSIONS]}},
        },
    ),
    written(
        f"{RBAC}/v1",
        "RoleBinding",
        roleRef={"apiGroup": RBAC, "kind": "Role", "name": "x"},
        subjects=[{"kind": "ServiceAccount", "name": "x", "namespace": "y"}],
    ),
)
"""Some with lists and choices filled in, which the small ones leave out."""

SMALL = (
    written("v1", "ConfigMap"),
    written("v1", "Secret"),
    written("v1", "Service", spec={"ports": [{"port": 80}], "selector": {"a": "b"}}),
    written("v1", "ServiceAccount"),
    written("v1", "Pod", spec={"containers": [APP]}),
    written("v1", "PersistentVolumeClaim", spec=STORAGE),
    written("v1", "PersistentVolume", spec={**VOLUME, "hostPath": {"path": "/x"}}),
    written("v1", "ReplicationController", spec={"selector": {"a": "b"}, "template": TEMPLATE}),
    written("v1", "LimitRange", spec={"limits": [{"type": "Container"}]}),
    written("v1", "ResourceQuota", spec={"hard": {"pods": "1"}}),
    written("v1", "Namespace"),
    written("v1", "Endpoints"),
    written("apps/v1", "Deployment", spec={"selector": SELECTOR, "template": TEMPLATE}),
    written("apps/v1", "StatefulSet", spec={"selector": SELECTOR, "template": TEMPLATE, "serviceName": "x"}),
    written("apps/v1", "DaemonSet", spec={"selector": SELECTOR, "template": TEMPLATE}),
    written("apps/v1", "ReplicaSet", spec={"selector": SELECTOR, "template": TEMPLATE}),
    written("batch/v1", "Job", spec={"template": ONCE}),
    written("batch/v1", "CronJob", spec={"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": ONCE}}}),
    written("networking.k8s.io/v1", "Ingress", spec={"defaultBackend": BACKEND}),
    written("networking.k8s.io/v1", "IngressClass", spec={"controller": "example.com/x"}),
    written("networking.k8s.io/v1", "NetworkPolicy", spec={"podSelector": {}}),
    written(f"{RBAC}/v1", "Role", rules=[READ_PODS]),
    written(f"{RBAC}/v1", "ClusterRole", rules=[READ_PODS]),
    written(f"{RBAC}/v1", "RoleBinding", roleRef={"apiGroup": RBAC, "kind": "Role", "name": "x"}),
    written(f"{RBAC}/v1", "ClusterRoleBinding", roleRef={"apiGroup": RBAC, "kind": "ClusterRole", "name": "view"}),
    written("autoscaling/v2", "HorizontalPodAutoscaler", spec=SCALED),
    written("autoscaling/v1", "HorizontalPodAutoscaler", spec=SCALED),
    written("policy/v1", "PodDisruptionBudget", spec={"minAvailable": 1, "selector": SELECTOR}),
    written("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    written("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
    written(
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicy",
        spec={"validations": [{"expression": "true"}], "matchConstraints": {"resourceRules": [PODS]}},
    ),
    written(
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicyBinding",
        spec={"policyName": "x", "validationActions": ["Deny"]},
    ),
    written("storage.k8s.io/v1", "StorageClass", provisioner="x.y/z"),
    written("storage.k8s.io/v1", "CSIDriver", spec={}),
    written("scheduling.k8s.io/v1", "PriorityClass", value=5),
    written(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        addressType="IPv4",
        endpoints=[{"addresses": ["10.9.9.9"]}],
        ports=[{"port": 80}],
    ),
    written("coordination.k8s.io/v1", "Lease", spec={}),
    written(
        "apiregistration.k8s.io/v1",
        "APIService",
        spec={"group": "x.example.com", "version": "v1", "groupPriorityMinimum": 5, "versionPriority": 5},
    ),
    written(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        spec={
            "group": "probe.example.com",
            "scope": "Namespaced",
            "names": {"plural": "probes", "kind": "Probe"},
            "versions": [VERSION],
        },
    ),
)
