"""`pushboat health FILE`: the judgements that a deployment would wait for, on a file."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import OPERATOR, Pushboat

Object = dict[str, Any]


def deployment(*, ready: int, wanted: int = 2) -> Object:
    """A Deployment with so many pods ready."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "generation": 1},
        "spec": {"replicas": wanted},
        "status": {
            "observedGeneration": 1,
            "replicas": wanted,
            "updatedReplicas": wanted,
            "readyReplicas": ready,
            "availableReplicas": ready,
        },
    }


def crashing_pod() -> Object:
    """A pod of that Deployment that cannot pull its image."""
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image nowhere/web:1"}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "web-5d4-x",
            "namespace": "shop",
            "labels": {"pod-template-hash": "5d4"},
            "ownerReferences": [{"kind": "ReplicaSet", "name": "web-5d4", "uid": "u-1"}],
        },
        "spec": {"containers": [{"name": "web", "image": "nowhere/web:1"}]},
        "status": {"phase": "Pending", "containerStatuses": [{"name": "web", "restartCount": 0, "state": waiting}]},
    }


CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "namespace": "shop"}}
GADGET = {"apiVersion": "example.org/v1", "kind": "Gadget", "metadata": {"name": "one"}}


def test_every_object_gets_its_judgement(pushboat: Pushboat, tmp_path: Path) -> None:
    """Several documents in one YAML file; what has no rule is Unverified, and that alone is no alarm."""
    (tmp_path / "objects.yaml").write_text(yaml.safe_dump_all([deployment(ready=2), CONFIG, GADGET]))
    finished = pushboat("health", "objects.yaml", "--json")
    assert finished.returncode == 0, finished.stderr
    assert [(one["ref"], one["health"]) for one in json.loads(finished.stdout)] == [
        ("Deployment/shop/web", "Healthy"),
        ("ConfigMap/shop/settings", "Healthy"),
        ("Gadget/one", "Unverified"),
    ]


@pytest.mark.parametrize("name", ["objects.json", "objects.yaml", "-"])
def test_a_list_is_taken_apart_wherever_it_comes_from(pushboat: Pushboat, tmp_path: Path, name: str) -> None:
    """What kubectl prints as JSON, in a file of any name or from a pipe; not healthy is exit code 1."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": [deployment(ready=1), CONFIG]}, indent="\t")
    (tmp_path / name).write_text(text)
    finished = pushboat("health", name, "--json", stdin=text)
    assert finished.returncode == 1, finished.stderr
    first, _ = json.loads(finished.stdout)
    assert (first["ref"], first["health"]) == ("Deployment/shop/web", "Progressing")
    assert set(first) == {"ref", "health", "reason"}


def test_pods_in_the_file_explain_their_workload(pushboat: Pushboat, tmp_path: Path) -> None:
    """A Deployment says what its pod suffers from, also where the ReplicaSet between them is not in the file."""
    (tmp_path / "objects.yaml").write_text(yaml.safe_dump_all([deployment(ready=0), crashing_pod()]))
    finished = pushboat("health", "objects.yaml", "--json")
    judgements = {one["ref"]: one for one in json.loads(finished.stdout)}
    assert "ImagePullBackOff" in judgements["Deployment/shop/web"]["reason"]
    assert finished.returncode == 1


def test_people_get_shape_word_and_reason(pushboat: Pushboat, tmp_path: Path) -> None:
    """The table has a shape and a word beside each object."""
    (tmp_path / "objects.yaml").write_text(yaml.safe_dump(deployment(ready=1)))
    finished = pushboat("health", "objects.yaml")
    assert "Deployment/shop/web" in finished.stdout
    assert "◐ Progressing" in finished.stdout
    assert "1 of 2 ready" in finished.stdout


def test_a_file_that_cannot_be_read_is_not_an_unhealthy_object(pushboat: Pushboat, tmp_path: Path) -> None:
    """Broken YAML is exit code 2 with its place, never 1."""
    (tmp_path / "objects.yaml").write_text("apiVersion: v1\nkind: [")
    finished = pushboat("health", "objects.yaml", "--json")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "objects.yaml:" in finished.stderr


RULE = (
    "health:\n  - {kind: Gadget.example.org, healthy: \"status.phase == 'On'\", reason: \"status.?why.orValue('')\"}\n"
)


def test_the_operators_rules_count(pushboat: Pushboat, home: Path, environ: dict[str, str]) -> None:
    """What no rule knew is judged by the operator's, and none of the operator's secrets is needed for it."""
    del environ["HOOK_SECRET"], environ["TOKEN"]
    on, off = {**GADGET, "status": {"phase": "On"}}, {**GADGET, "status": {"phase": "Off", "why": "no power"}}
    (home / "pushboat.yaml").write_text(RULE + (home / "pushboat.yaml").read_text())
    (home / "objects.yaml").write_text(yaml.safe_dump_all([on, {**off, "metadata": {"name": "two"}}]))
    finished = pushboat("health", "objects.yaml", "--json")
    assert finished.returncode == 1, finished.stderr
    assert [(one["health"], one["reason"]) for one in json.loads(finished.stdout)] == [
        ("Healthy", ""),
        ("Progressing", "no power"),
    ]


def test_a_mistake_in_a_rule_is_shown_with_its_line(pushboat: Pushboat, home: Path) -> None:
    """I try a rule, and the command names the line and the character where it goes wrong."""
    (home / "objects.yaml").write_text(yaml.safe_dump(GADGET))
    (home / "pushboat.yaml").write_text("health: [{kind: G.e.org, healthy: phase == 1}]\n" + OPERATOR)
    finished = pushboat("health", "objects.yaml")
    assert finished.returncode == 2
    assert "pushboat.yaml:1:" in finished.stderr
    assert "undeclared reference to 'phase' (at its character 1)" in finished.stderr


def test_a_file_that_was_named_has_to_be_there(pushboat: Pushboat, tmp_path: Path) -> None:
    """Without a word there need be no operator's file; one that is named is read, or missed."""
    (tmp_path / "objects.yaml").write_text(yaml.safe_dump(GADGET))
    finished = pushboat("--config", "nowhere.yaml", "health", "objects.yaml")
    assert finished.returncode == 2
    assert "nowhere.yaml" in finished.stderr
