"""Random sets of objects of every common kind, as a repository would hold them, each in several variants.

The variants are those in which engines go wrong: a default that depends on another field, a list that gets shorter, a
field that leaves, a union that changes its member.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import yaml

Body = dict[str, Any]
APP = {"app": "web"}


@dataclass(frozen=True)
class Slot:
    """A place that a set may fill with one of several variants of an object."""

    name: str
    variants: tuple[Callable[[str], Body], ...]


def pod(image: str = "registry.example/app:1", **spec: Any) -> Body:
    """Describe pods with one container."""
    container = {"name": "app", "image": image, **spec.pop("container", {})}
    return {"metadata": {"labels": APP}, "spec": {"containers": [container, *spec.pop("more", [])], **spec}}


def _named(api: str, kind: str, name: str, **rest: Any) -> Callable[[str], Body]:
    metadata = {"name": name, **rest.pop("metadata", {})}
    return lambda _space: {"apiVersion": api, "kind": kind, "metadata": metadata, **rest}


def _deployment(spec: Body, **metadata: Any) -> Callable[[str], Body]:
    return _named(
        "apps/v1",
        "Deployment",
        "web",
        metadata=metadata,
        spec={"selector": {"matchLabels": APP}, "replicas": 0, **spec},
    )


def _stateful(spec: Body) -> Callable[[str], Body]:
    fixed = {"selector": {"matchLabels": APP}, "serviceName": "web", "replicas": 0}
    return _named("apps/v1", "StatefulSet", "db", spec={**fixed, **spec})


def _job(name: str, **spec: Any) -> Callable[[str], Body]:
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "app", "image": "registry.example/job:1"}]}}
    return _named("batch/v1", "Job", name, spec={"suspend": True, "template": template, **spec})


def _service(**spec: Any) -> Callable[[str], Body]:
    return _named("v1", "Service", "web", spec={"selector": APP, **spec})


def _policy(**spec: Any) -> Callable[[str], Body]:
    return _named("networking.k8s.io/v1", "NetworkPolicy", "web", spec={"podSelector": {}, **spec})


def _autoscaler(**spec: Any) -> Callable[[str], Body]:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    return _named(
        "autoscaling/v2", "HorizontalPodAutoscaler", "web", spec={"scaleTargetRef": target, "maxReplicas": 4, **spec}
    )


def _ingress(*paths: tuple[str, str], **spec: Any) -> Callable[[str], Body]:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rules = [
        {
            "host": "web.example",
            "http": {"paths": [{"path": at, "pathType": how, "backend": backend} for at, how in paths]},
        }
    ]
    return _named("networking.k8s.io/v1", "Ingress", "web", spec={"rules": rules, **spec})


def _claim(size: str = "1Gi", **metadata: Any) -> Callable[[str], Body]:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    return _named("v1", "PersistentVolumeClaim", "data", metadata=metadata, spec=spec)


def _definition(*fields: str) -> Callable[[str], Body]:
    properties = {name: {"type": "string"} for name in fields}
    properties["mode"] = {"type": "string", "default": "calm"}
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": properties}}}

    def define(space: str) -> Body:
        group = f"{space}.example"
        names = {"plural": "boats", "singular": "boat", "kind": "Boat"}
        versions = [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}]
        return {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"boats.{group}"},
            "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": versions},
        }

    return define


def _boat(**spec: str) -> Callable[[str], Body]:
    def build(space: str) -> Body:
        return {"apiVersion": f"{space}.example/v1", "kind": "Boat", "metadata": {"name": "one"}, "spec": spec}

    return build


def _webhook(**webhook: Any) -> Callable[[str], Body]:
    """Name a webhook that is never called: its objects are of a group that nobody serves."""
    rules = [{"apiGroups": ["nobody.example"], "apiVersions": ["*"], "operations": ["CREATE"], "resources": ["*"]}]

    def build(space: str) -> Body:
        client = {"url": "https://127.0.0.1:9/"}
        hook = {
            "name": "a.hook.example", "clientConfig": client, "rules": rules, "sideEffects": "None",
            "admissionReviewVersions": ["v1"], **webhook,
        }  # fmt: skip
        return {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": f"hook-{space}"},
            "webhooks": [hook],
        }

    return build


SLOTS = (
    Slot(
        "deployment",
        (
            _deployment({"template": pod()}),
            _deployment({"template": pod("registry.example/app:latest"), "strategy": {"type": "Recreate"}}),
            _deployment({"template": pod("registry.example/app"), "strategy": {"rollingUpdate": {"maxSurge": 2}}}),
            _deployment({"template": pod(serviceAccountName="web", more=[{"name": "side", "image": "side:1"}])}),
            _deployment({"template": pod(container={"ports": [{"containerPort": 80}, {"containerPort": 81}]})}),
            _deployment(
                {"template": pod(container={"env": [{"name": "A", "value": ""}, {"name": "B", "value": "b"}]})},
                labels={"tier": "front"},
            ),
        ),
    ),
    Slot(
        "stateful",
        (
            _stateful({"template": pod()}),
            _stateful({"template": pod("db:latest"), "updateStrategy": {"type": "OnDelete"}}),
            _stateful({"template": pod(), "updateStrategy": {"rollingUpdate": {"partition": 2}}}),
        ),
    ),
    Slot(
        "service",
        (
            _service(ports=[{"port": 80}]),
            _service(ports=[{"port": 80, "name": "http"}, {"port": 443, "name": "https"}], type="NodePort"),
            _service(ports=[{"port": 80, "targetPort": "web"}], sessionAffinity="ClientIP"),
            _service(ports=[{"port": 80, "protocol": "UDP"}], type="LoadBalancer", allocateLoadBalancerNodePorts=False),
        ),
    ),
    Slot(
        "job",
        (_job("migrate"), _job("migrate", suspend=True, backoffLimit=2), _job("migrate", ttlSecondsAfterFinished=9)),
    ),
    Slot(
        "autoscaler",
        (_autoscaler(), _autoscaler(minReplicas=2), _autoscaler(behavior={"scaleDown": {"selectPolicy": "Disabled"}})),
    ),
    Slot(
        "policy",
        (
            _policy(ingress=[{}]),
            _policy(ingress=[{}], egress=[{}]),
            _policy(egress=[{"ports": [{"port": 53}]}]),
            _policy(policyTypes=["Ingress"]),
        ),
    ),
    Slot(
        "ingress",
        (
            _ingress(("/", "Prefix")),
            _ingress(("/", "Prefix"), ("/api", "Exact")),
            _ingress(("/api", "Exact"), tls=[{"hosts": ["web.example"]}]),
        ),
    ),
    Slot("claim", (_claim(), _claim(labels={"tier": "data"}), _claim(annotations={"note": "kept"}))),
    Slot("boats", (_definition("colour"), _definition("colour", "size"))),
    Slot("boat", (_boat(colour="red"), _boat(colour=""), _boat(mode="wild"))),
    Slot(
        "hook",
        (_webhook(), _webhook(failurePolicy="Ignore"), _webhook(timeoutSeconds=5, matchPolicy="Exact")),
    ),
    Slot(
        "settings",
        (
            _named("v1", "ConfigMap", "settings", data={"a": "1", "b": ""}),
            _named("v1", "ConfigMap", "settings", data={"a": "2"}, binaryData={"c": "YQ=="}),
            _named("v1", "ConfigMap", "settings"),
        ),
    ),
    Slot(
        "secret",
        (
            _named("v1", "Secret", "secret", stringData={"a": "1", "b": "2"}),
            _named("v1", "Secret", "secret", data={"a": "MQ=="}),
        ),
    ),
    Slot("account", (_named("v1", "ServiceAccount", "web"),)),
)
"""What a set may hold."""

NEVER_PRUNED = ("claim", "boats")
"""What stays in the cluster when it leaves the repository."""

Chosen = Mapping[str, int]
"""The variant of each slot that is filled."""


def choose(random: Random) -> Chosen:
    """Fill some slots; boats and their definition come together or not at all."""
    chosen = {slot.name: random.randrange(len(slot.variants)) for slot in SLOTS if random.random() < 0.7}
    if "boats" not in chosen:
        chosen.pop("boat", None)
    return chosen or {"settings": 0}


def change(random: Random, chosen: Chosen) -> Chosen:
    """Keep most of a set: some objects leave, some come, some change."""
    other = choose(random)
    mixed = {slot.name: random.choice((chosen, other)).get(slot.name, -1) for slot in SLOTS}
    kept = {name: chosen[name] for name in NEVER_PRUNED if name in chosen}
    kept.update({name: variant for name, variant in mixed.items() if variant >= 0})
    if "boat" in kept and "boats" not in kept:
        del kept["boat"]
    return kept or {"settings": 1}


def written(chosen: Chosen, space: str) -> str:
    """Write a set as YAML; names of cluster-scoped objects are those of a namespace."""
    bodies = [slot.variants[chosen[slot.name]](space) for slot in SLOTS if slot.name in chosen]
    return "---\n".join(yaml.safe_dump(body, sort_keys=False) for body in bodies)
