"""The API server stores of our reading of a file what it stores of kubectl's, to the last number."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.cluster.definitions import PATH, definition
from tests.manifests.comparing import ours, same
from tests.manifests.differences import EXPLAINED
from tests.manifests.vectors import kept
from tests.until import until
from workers.cluster.client.connection import APPLY, Cluster

pytestmark = pytest.mark.proof


@pytest.fixture
def group(door: Cluster) -> Iterator[str]:
    """A kind of our own that takes any field."""
    name = f"{uuid4().hex[:8]}.example.com"
    path = f"{PATH}/boats.{name}"
    door.request("POST", PATH, body=definition(name))
    until(lambda: door.find(f"/apis/{name}/v1") or None, what="the kind is served")
    yield name
    door.request("DELETE", path)


def test_what_is_read_is_stored_as_kubectls_reading_is(door: Cluster, namespace: str, group: str) -> None:
    """What runs after a push is what ran after `kubectl apply --server-side`, whatever way my values are written."""
    pairs = {
        f"c{number:04}": (ours(content).sent[0]["spec"], theirs.sent[0]["spec"])
        for number, (name, (content, theirs)) in enumerate(kept().items())
        if theirs.sent and "spec" in theirs.sent[0] and not theirs.refused and name not in EXPLAINED
    }
    assert len(pairs) > 450
    stored = [
        _stored(door, namespace, group, name, {case: pair[side] for case, pair in pairs.items()})
        for side, name in enumerate(("ours", "theirs"))
    ]
    assert stored[0].keys() == stored[1].keys()
    assert [case for case in stored[0] if not same(stored[0][case], stored[1][case])] == []
    assert [case for case, value in stored[0].items() if not same(value, pairs[case][1])] == []


def _stored(door: Cluster, namespace: str, group: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    path = f"/apis/{group}/v1/namespaces/{namespace}/boats/{name}"
    body = {"apiVersion": f"{group}/v1", "kind": "Boat", "metadata": {"name": name}, "spec": spec}
    door.request("PATCH", path, {"fieldManager": "test"}, body, APPLY)
    found = door.find(path)
    assert found is not None
    stored: dict[str, Any] = found["spec"]
    return stored
