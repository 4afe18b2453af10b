"""A push that changes nothing, or one of 2,000 objects, to plan and apply it: against the least that could tell.

That lists what is there and digests each manifest, which shows no field that somebody else changed. The texts are
parsed before the clock runs.

It is to be no slower than it was before defaults, conflicts and departed fields were looked at, which only the code of
then can tell, in turns on one machine: there 2,000 mixed objects took 1.06 s of the processor with none changed and
1.02 s with one, and take 0.80 s and 0.77 s.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from pushboat.config.environment import Environment
from pushboat.config.operator import ClusterAccess
from pushboat.model.manifest import Manifest
from tests.bench.measuring import Row, compare
from tests.cluster.desk import Desk
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.objects import PART_OF
from workers.cluster.reading.listing import list_all, places

OBJECTS = 2000
ROUNDS = 7
Body = dict[str, Any]


def measure(kubeconfig: Path) -> list[Row]:
    """Compare for ConfigMaps and for a mixture, with nothing changed and with one object changed."""
    cluster = connect(ClusterAccess(name="bench", kubeconfig=kubeconfig))
    try:
        return [*_rows(cluster, "ConfigMaps", _config_map), *_rows(cluster, "mixed objects", _one_of_four)]
    finally:
        cluster.close()


def _rows(cluster: Cluster, what: str, write: Callable[[int, str], Body]) -> list[Row]:
    namespace = f"repeated-{what.split()[0].lower()}"
    environment = Environment(
        name="bench",
        cluster="bench",
        namespaces=(namespace,),
        namespace=namespace,
        path="deploy",
        create_namespaces=True,
    )
    desk = Parsed(cluster, environment)
    texts = [_text(write, f"{number}") for number in range(ROUNDS + 1)]
    desk.deploy(texts[0])
    manifests = max(map(desk.manifests, texts), key=len)
    kinds = {cluster.kinds.find(each.ref.group, each.version, each.ref.kind) for each in manifests}
    where = places([kind for kind in kinds if kind], [namespace])

    def least(_: int) -> None:
        assert len(list_all(cluster, where, f"{PART_OF}={desk.parent.id}")) == OBJECTS
        for each in manifests:
            hashlib.sha256(json.dumps(each.body, sort_keys=True).encode()).hexdigest()

    return [
        compare(
            f"none changed of {OBJECTS:,} {what}, against listing and digests",
            lambda _: desk.deploy(texts[0]),
            least,
            ROUNDS,
        ),
        compare(
            f"1 changed of {OBJECTS:,} {what}, against listing and digests",
            lambda number: desk.deploy(texts[number + 1]),
            least,
            ROUNDS,
        ),
    ]


class Parsed(Desk):
    """A desk that reads each text once."""

    def __init__(self, cluster: Cluster, environment: Environment) -> None:
        """Begin with no text."""
        super().__init__(cluster, environment)
        self.texts: dict[str, tuple[Manifest, ...]] = {}

    def manifests(self, text: str) -> tuple[Manifest, ...]:
        if text not in self.texts:
            self.texts[text] = super().manifests(text)
        return self.texts[text]


def _text(write: Callable[[int, str], Body], version: str) -> str:
    """Write all objects; the version is in the first one alone."""
    bodies = (write(number, "0" if number else version) for number in range(OBJECTS))
    return yaml.dump_all(bodies, Dumper=yaml.CSafeDumper, sort_keys=False)


def _config_map(number: int, version: str) -> Body:
    data = {"version": version, "text": "some text that is long enough to look like a setting"}
    return _body("v1", "ConfigMap", number, data=data)


def _one_of_four(number: int, version: str) -> Body:
    """Write a Deployment, a Service, a Secret or a ConfigMap, in turn."""
    match number % 4:
        case 0:
            return _deployment(number, version)
        case 1:
            ports = [{"name": "http", "port": 80, "targetPort": "http"}]
            return _body(
                "v1", "Service", number, spec={"selector": {"app": f"a{number}"}, "ports": ports, "clusterIP": "None"}
            )
        case 2:
            return _body("v1", "Secret", number, stringData={"password": f"very secret {number}", "user": "app"})
    return _config_map(number, version)


def _deployment(number: int, version: str) -> Body:
    labels = {"app": f"a{number}"}
    container = {
        "name": "app",
        "image": f"registry.example/app:{version}",
        "ports": [{"name": "http", "containerPort": 8080}],
        "env": [{"name": f"NAME_{each}", "value": "x"} for each in range(4)],
        "resources": {"limits": {"memory": "1Gi"}, "requests": {"cpu": "100m", "memory": "1Gi"}},
        "readinessProbe": {"httpGet": {"path": "/", "port": 8080}},
    }
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "selector": {"matchLabels": labels}, "template": template}
    return _body("apps/v1", "Deployment", number, spec=spec)


def _body(version: str, kind: str, number: int, **content: Any) -> Body:
    metadata = {"name": f"x{number}", "labels": {"app": f"a{number}"}}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **content}
