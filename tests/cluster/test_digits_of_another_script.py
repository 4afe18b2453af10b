"""Whoever may annotate an object, or answer for an API server, breaks nothing by a number that Python does not read."""

from typing import Any

import pytest

from pushboat.pauses import read_pause
from workers.catching_up.comparing import natural
from workers.cluster.objects import fence_of
from workers.cluster.waiting.belonging import newest_pods
from workers.deploying.runs import number_in

ODD = ["²", "³7", "٣", "-1", "1_0", " 1", "", "9" * 5000]
"""`"²".isdigit()` is true, `int("٣")` is 3, and of five thousand digits Python makes no number at all."""


@pytest.mark.parametrize("odd", ODD)
def test_a_fence_that_is_no_number_is_none(odd: str) -> None:
    """We write digits there; what somebody else wrote stops nobody's deployment."""
    assert fence_of({"metadata": {"annotations": {"pushboat.dev/fence": odd}}}) == 0
    assert number_in(f"{odd}-abc-1") == 0


@pytest.mark.parametrize("odd", ODD)
def test_a_revision_that_is_no_number_is_not_the_newest(odd: str) -> None:
    """The pods of the newest ReplicaSet are known all the same."""
    old, new = owned("ReplicaSet", "old", "d", revision=odd), owned("ReplicaSet", "new", "d", revision="2")
    pods = [owned("Pod", "a", "old"), owned("Pod", "b", "new")]
    workload = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d", "namespace": "x", "uid": "d"}}
    assert [pod["metadata"]["name"] for pod in newest_pods(workload, [old, new], pods)] == ["b"]


def test_tags_of_odd_digits_have_an_order() -> None:
    """A tag of five thousand digits does not keep a repository from being looked at."""
    refs = [f"refs/tags/v{each}" for each in ("9", "10")]
    assert sorted([f"refs/tags/v{'1' * 5000}", refs[1], "refs/tags/v²", refs[0]], key=natural)[-3:-1] == refs


@pytest.mark.parametrize("odd", ["²", "soon", "", "-1", "Fri, 99 Foo 2026 x"])
def test_a_pause_that_is_no_number_is_none(odd: str) -> None:
    """Retry-After comes from forges and API servers alike."""
    assert read_pause(odd) is None


def owned(kind: str, uid: str, owner: str, *, revision: str = "") -> dict[str, Any]:
    """Make an object that belongs to another one."""
    marks = {"deployment.kubernetes.io/revision": revision} if kind == "ReplicaSet" else {}
    reference = {
        "uid": owner,
        "controller": True,
        "kind": "ReplicaSet" if kind == "Pod" else "Deployment",
        "name": owner,
    }
    metadata = {"name": uid, "namespace": "x", "uid": uid, "annotations": marks, "ownerReferences": [reference]}
    return {"kind": kind, "metadata": metadata}
