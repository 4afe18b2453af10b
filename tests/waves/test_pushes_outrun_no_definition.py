"""A push that changes a definition and uses it at once is green, hooks included, however late an API server follows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.config.operator import ClusterAccess
from pushboat.model.state import State
from tests.cluster.definitions import PATH, definition
from tests.fakes.late_cluster import LateCluster, late_before, unknown
from tests.waves.conftest import Body, Yard
from workers.tools import Clusters

SIZE: dict[str, Any] = {"size": {"type": "integer"}}
COLOUR: dict[str, Any] = {**SIZE, "colour": {"type": "string"}}


@pytest.fixture
def late(yard: Yard, tmp_path: Path) -> Iterator[LateCluster]:
    """What the yard's worker speaks to: an API server that follows definitions late."""
    with late_before(yard.kubeconfig) as proxy:
        path = tmp_path / "late-kubeconfig"
        path.write_text(yaml.safe_dump(proxy.kubeconfig))
        through = {"dev": ClusterAccess(name="dev", kubeconfig=path)}
        operator = replace(yard.tools.operator, clusters=through)
        clusters = Clusters(operator, yard.tools.scratch)
        yard.tools = replace(yard.tools, operator=operator, clusters=clusters)
        yield proxy
        clusters.close()


@pytest.fixture
def group(yard: Yard) -> Iterator[str]:
    """A group of its own, whose definition leaves with the test."""
    name = f"{yard.namespace}.example.com"
    yield name
    yard.cluster.request("DELETE", f"{PATH}/gadgets.{name}")


def gadgets(group: str, fields: dict[str, Any]) -> Body:
    """Define gadgets."""
    spec = {"type": "object", "properties": fields}
    return definition(group, "Gadget", {"type": "object", "properties": {"spec": spec}})


def gadget(group: str, name: str, marks: dict[str, str] | None = None, **spec: Any) -> Body:
    """Write a gadget."""
    metadata = {"name": name, "annotations": marks or {}}
    return {"apiVersion": f"{group}/v1", "kind": "Gadget", "metadata": metadata, "spec": spec}


@pytest.mark.parametrize("marks", [{}, {"argocd.argoproj.io/hook": "Sync"}], ids=["object", "hook"])
def test_a_new_field_is_used_in_the_push_that_brings_it(
    yard: Yard, late: LateCluster, group: str, marks: dict[str, str]
) -> None:
    """I add a field to a CRD and use it: the push is green, and its page says what was waited for."""
    yard.wait = "0"
    before = yard.push(gadgets(group, SIZE), gadget(group, "old", size=1))
    assert before.state is State.SUCCEEDED, before.reason
    late.follows_late("gadgets", 3, unknown(".spec.colour"))
    ended = yard.push(gadgets(group, COLOUR), gadget(group, "old", size=1), gadget(group, "new", marks, colour="red"))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert late.asked > 3
    assert f"waiting until the API server knows CustomResourceDefinition/gadgets.{group}" in yard.said(ended)


def test_a_field_that_nobody_declares_is_the_commits(yard: Yard, late: LateCluster, group: str) -> None:
    """A misspelt field is red at once beside a new one, and says what was meant."""
    yard.push(gadgets(group, SIZE))
    late.follows_late("gadgets", 9, unknown(".spec.color"))
    ended = yard.push(gadgets(group, COLOUR), gadget(group, "new", color="red"))
    assert ended.state is State.FAILED
    assert "unknown field spec.color: did you mean colour?" in ended.reason
    assert late.asked == 0
