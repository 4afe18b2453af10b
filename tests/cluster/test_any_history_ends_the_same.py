"""Whatever stood there before and whoever edited it: what runs after a deployment is what a fresh apply gives."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from pushboat.config.environment import Environment
from tests.cluster.comparing import read, wished
from tests.cluster.desk import Desk, actions, document
from tests.cluster.makers import apply, create, kubectl
from tests.lines import audited
from tests.sweeping import sweep
from workers.cluster.client.connection import Cluster
from workers.cluster.paths import find

Body = dict[str, Any]
APP = {"app": "web"}


def body(kind: str, api_version: str, **rest: Any) -> Body:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "web"}, **rest}


def pods(**more: Any) -> Body:
    return {"metadata": {"labels": APP}, "spec": {"containers": [{"name": "app", "image": "a:1", **more}]}}


SELECTED = {"selector": {"matchLabels": APP}}
KINDS: tuple[tuple[Body, dict[str, Any]], ...] = (
    (
        body("Deployment", "apps/v1", spec={"replicas": 1, **SELECTED, "template": pods()}),
        {
            "spec.minReadySeconds": 3,
            "spec.revisionHistoryLimit": 2,
            "spec.template.metadata.annotations": {"a.b/c": "1"},
            "spec.template.spec.nodeSelector": {"disk": "ssd"},
            "spec.template.spec.terminationGracePeriodSeconds": 7,
            "spec.template.spec.containers[app].args": ["--x"],
            "spec.template.spec.containers[app].env": [{"name": "A", "value": "1"}, {"name": "B"}],
            "spec.template.spec.containers[app].ports": [
                {"containerPort": 80},
                {"containerPort": 81, "protocol": "UDP"},
            ],
            "spec.template.spec.volumes": [{"name": "v", "emptyDir": {}}],
        },
    ),
    (
        body("StatefulSet", "apps/v1", spec={"replicas": 1, "serviceName": "web", **SELECTED, "template": pods()}),
        {
            "spec.minReadySeconds": 3,
            "metadata.labels": {"tier": "db"},
            "spec.template.spec.tolerations": [{"key": "a", "operator": "Exists"}],
            "spec.template.spec.containers[app].command": ["run"],
        },
    ),
    (
        body("Service", "v1", spec={"selector": APP, "ports": [{"name": "http", "port": 80}]}),
        {
            "spec.sessionAffinity": "ClientIP",
            "spec.publishNotReadyAddresses": True,
            "metadata.annotations": {"lb/pool": "a"},
            "spec.ports": [{"name": "http", "port": 80}, {"name": "admin", "port": 81, "targetPort": 9}],
        },
    ),
    (
        body(
            "HorizontalPodAutoscaler",
            "autoscaling/v2",
            spec={
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "else"},
                "maxReplicas": 3,
            },
        ),
        {
            "spec.minReplicas": 2,
            "metadata.labels": {"tier": "a"},
            "spec.behavior": {"scaleDown": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}]}},
        },
    ),
    (
        body(
            "Ingress",
            "networking.k8s.io/v1",
            spec={"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}},
        ),
        {
            "metadata.annotations": {"a.b/c": "x"},
            "spec.ingressClassName": "none",
            "spec.tls": [{"hosts": ["a.example"], "secretName": "s"}],
        },
    ),
    (
        body("ConfigMap", "v1", data={"kept": "1"}),
        {
            "data.more": "2",
            "metadata.labels": {"a": "b"},
            "binaryData": {"b": "aGk="},
            "data": {"kept": "2", "empty": None},
        },
    ),
    (
        body(
            "Job",
            "batch/v1",
            metadata={"name": "web", "labels": {"app": "web"}},  # without any, the server copies its pods'
            spec={"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a:1"}]}}},
        ),
        {"metadata.annotations": {"a": "b"}, "spec.ttlSecondsAfterFinished": 900, "spec.activeDeadlineSeconds": 600},
    ),
    (
        body(
            "PersistentVolumeClaim",
            "v1",
            spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        ),
        {"metadata.annotations": {"a.b/c": "x"}, "metadata.labels": {"a": "b"}},
    ),
    (
        body("NetworkPolicy", "networking.k8s.io/v1", spec={"podSelector": {}, "policyTypes": ["Ingress"]}),
        {"spec.ingress": [{"ports": [{"port": 80}]}], "spec.podSelector": {"matchLabels": APP}},
    ),
)


def with_field(whole: Body, where: str, value: Any) -> Body:
    """Copy an object with a field, which may be new."""
    above, _, last = where.rpartition(".")
    paths = list(find(whole, above)) if above else [()]
    if not paths:
        whole = with_field(whole, above, {})
        paths = list(find(whole, above))
    return _set(whole, (*paths[0], last), value)


def _set(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = dict(node) if isinstance(node, dict) else list(node)
    copied[path[0]] = _set(copied[path[0]] if path[1:] else None, path[1:], value)
    return copied


def some_of(chance: random.Random, base: Body, fields: dict[str, Any]) -> Body:
    """Make up one version of an object."""
    for where, value in fields.items():
        if chance.random() < 0.4:
            base = with_field(base, where, value)
    return base


@contextmanager
def another(door: Cluster) -> Iterator[Desk]:
    """Open an environment in a namespace of its own."""
    name = f"t-{uuid4().hex[:10]}"
    desk = Desk(door, Environment(name="fresh", cluster="dev", namespaces=(name,), namespace=name, path="deploy"))
    yield desk.allowing(create_namespaces=True)
    sweep(door.request, name)


def ends_as_a_fresh_apply(desk: Desk, seed: int) -> None:
    """Let one history happen, deploy, and compare."""
    chance = random.Random(seed)
    before = [some_of(chance, *kind) for kind in KINDS]
    edited = [some_of(chance, *kind) for kind in KINDS]
    after = [some_of(chance, *kind) for kind in KINDS]
    desk = desk.allowing(adopt=("kubectl", "helm"))
    maker = chance.choice([kubectl, create("helm"), apply("helm"), apply("kubectl"), None])
    if maker is None:
        desk.deploy("".join(document(each) for each in before))
    else:
        for each in before:
            maker(desk, each)
        if chance.random() < 0.5:
            desk.deploy("".join(document(each) for each in before))
    for each in edited:
        if chance.random() < 0.5:
            _edit(desk, each, chance.choice(["kubectl-edit", "kubectl-patch", "k9s"]))
    text = "".join(document(each) for each in after)
    desk.deploy(text)
    live = {each["kind"]: wished(read(desk, each)) for each in after}
    cluster, audit = audited(desk.cluster)
    assert set(actions(replace(desk, cluster=cluster).deploy(text)).values()) == {"unchanged"}
    assert audit.writes == []
    with another(desk.cluster) as fresh:
        fresh.deploy(text)
        assert live == {each["kind"]: wished(read(fresh, each)) for each in after}, f"seed {seed}"


def _edit(desk: Desk, wanted: Body, manager: str) -> None:
    """Write some of an object's fields by hand."""
    group, _, version = wanted["apiVersion"].rpartition("/")
    kind = desk.cluster.kinds.find(group, version, wanted["kind"])
    assert kind is not None
    changed = {key: value for key, value in wanted.items() if key != "metadata"}
    marks = {key: value for key, value in wanted["metadata"].items() if key != "name"}
    desk.write(manager, kind.path(desk.namespace, wanted["metadata"]["name"]), {**changed, "metadata": marks})


@pytest.mark.proves("diff-noise")
@pytest.mark.parametrize("seed", range(4))
def test_any_history_ends_as_a_fresh_apply(desk: Desk, seed: int) -> None:
    """Whoever made the objects and edited them by hand, my push ends at what git says, and the next writes nothing."""
    ends_as_a_fresh_apply(desk, seed)


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_many_more_histories_end_as_a_fresh_apply(door: Cluster) -> None:
    """The same, for many made-up histories; sets of more kinds are in tests/engine."""
    for seed in range(100, 160):
        with another(door) as desk:
            door.request("POST", "/api/v1/namespaces", body={
                "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": desk.namespace},
            })  # fmt: skip
            ends_as_a_fresh_apply(desk, seed)
