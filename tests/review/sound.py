"""Manifests as people write them, all of them sound, and thousands made of them by what people do to such files."""

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pushboat.errors import InvalidManifest
from tests.cluster.sound_objects import RICH, SMALL
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests
from workers.review.minors import DEFAULT, minor

ROOT = Path(__file__).resolve().parents[2]
ORDINARY = Path(__file__).with_name("ordinary")
FOLDERS = ("examples/plain", "examples/hooks", "examples/kustomize/base", "deploy/kustomize/base")
Body = dict[str, Any]
_POD_HOLDERS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"}


def written() -> list[Body]:
    """Read every manifest that somebody wrote by hand, of a kind that Kubernetes itself serves."""
    files = [
        *sorted(ORDINARY.glob("*.yaml")),
        *(file for each in FOLDERS for file in sorted((ROOT / each).rglob("*.y*ml"))),
    ]
    found = [*SMALL, *RICH]
    for file in files:
        try:
            found += [dict(each.body) for each in read_manifests(decode(file.read_bytes(), file.name), file.name)]
        except InvalidManifest:  # a chart's template, values, a kustomization
            continue
    return [each for each in found if kind_of(each) in minor(DEFAULT).kinds]


def kind_of(body: Body) -> tuple[str, str, str]:
    """Give group, version and kind."""
    group, _, version = body["apiVersion"].rpartition("/")
    return group, version, body["kind"]


def varied(number: int, seed: int) -> Iterator[Body]:
    """Make so many others of them; each stays sound."""
    chance, all_of_them = random.Random(seed), written()
    for count in range(number):
        body = copy.deepcopy(all_of_them[count % len(all_of_them)])
        for _ in range(chance.randint(1, 3)):
            chance.choice(_WAYS)(body, chance)
        yield body


def _label(body: Body, chance: random.Random) -> None:
    labels = body["metadata"].get("labels") or {}
    body["metadata"]["labels"] = {**labels, f"example.com/l{chance.randint(0, 9)}": chance.choice(("", "a", "1.0"))}


def _annotate(body: Body, chance: random.Random) -> None:
    text = chance.choice(("", "two\nlines", '{"json": [1]}', "ünïcode ☃"))
    annotations = body["metadata"].get("annotations") or {}
    body["metadata"]["annotations"] = {**annotations, f"example.com/a{chance.randint(0, 9)}": text}


def _as_exported(body: Body, _: random.Random) -> None:
    body["metadata"]["creationTimestamp"] = None


def _reordered(body: Body, chance: random.Random) -> None:
    entries = list(body.items())
    chance.shuffle(entries)
    body.clear()
    body.update(entries)


def _with_nothing(body: Body, chance: random.Random) -> None:
    body["metadata"].setdefault(chance.choice(("labels", "annotations", "finalizers")), None)


def _container(body: Body, chance: random.Random) -> None:
    spec = body.get("spec", {})
    pod = spec["template"]["spec"] if body["kind"] in _POD_HOLDERS else spec if body["kind"] == "Pod" else None
    if pod is None:
        return
    one = chance.choice(pod["containers"])
    match chance.randint(0, 5):
        case 0:
            one.setdefault("env", []).append(
                {"name": f"MORE_{len(one.get('env', ()))}", "value": chance.choice(("", "1", "yes"))}
            )
        case 1:
            amounts = {
                "cpu": chance.choice((1, 0.5, "250m", "2")),
                "memory": chance.choice(("1Gi", "1e9", 1048576, "64M")),
            }
            one["resources"] = {chance.choice(("requests", "limits")): amounts}
        case 2:
            one["readinessProbe"] = {"tcpSocket": {"port": chance.choice((80, "http"))}, "periodSeconds": 3}
        case 3:
            pod["nodeSelector"] = {"kubernetes.io/arch": chance.choice(("amd64", "arm64"))}
        case 4:
            pod["terminationGracePeriodSeconds"] = chance.choice((30, 60, 600))
        case 5:
            pod["containers"].append({"name": f"side-{len(pod['containers'])}", "image": "side:1", "command": ["true"]})


_WAYS = (_label, _annotate, _as_exported, _reordered, _with_nothing, _container, _container, _container)
