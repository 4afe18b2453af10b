"""What the operator's limits keep out stays out, however it is written; hostile types are mistakes, not bugs."""

from typing import Any

import pytest

from pushboat.config.environment import Environment
from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.inventory import parent_of
from workers.review.limits import MOST_SHOWN, check

DEFINITION = ("apiextensions.k8s.io", "v1", "CustomResourceDefinition")
SERVED = {
    ("", "v1", "ConfigMap"): True,
    ("", "v1", "Secret"): True,
    ("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding"): False,
    DEFINITION: False,
}
ENVIRONMENT = Environment(
    name="staging",
    cluster="dev",
    namespaces=("shop",),
    namespace="shop",
    path="deploy",
    cluster_scoped=("CustomResourceDefinition",),
)


class Kinds:
    """A cluster whose own kinds are known."""

    name = "the cluster"

    def namespaced(self, group: str, version: str, kind: str) -> bool | None:
        return SERVED.get((group, version, kind))

    def kinds_of(self, group: str) -> set[str]:
        return {kind for known, _, kind in SERVED if known == group}

    def api_versions(self, kind: str) -> list[str]:
        return [f"{group}/{version}" for group, version, known in SERVED if known == kind]


def checked(*bodies: dict[str, Any]) -> tuple[Manifest, ...]:
    read = [Manifest(ref=Ref("", "", "", ""), version="", body=body, file="a.yaml", line=1) for body in bodies]
    return check(read, ENVIRONMENT, Kinds())


def refused(*bodies: dict[str, Any]) -> InvalidManifest:
    with pytest.raises(InvalidManifest) as wrong:
        checked(*bodies)
    return wrong.value


def definition(group: str, kind: str, scope: str, versions: Any = None) -> dict[str, Any]:
    versions = [{"name": "v1"}] if versions is None else versions
    spec = {"group": group, "scope": scope, "names": {"kind": kind}, "versions": versions}
    api_version = "apiextensions.k8s.io/v1"
    return {"apiVersion": api_version, "kind": "CustomResourceDefinition", "metadata": {"name": "x"}, "spec": spec}


@pytest.mark.proves("limits")
def test_a_definition_cannot_lie_about_a_kind_that_the_cluster_serves() -> None:
    """A pushed CRD that calls ClusterRoleBinding namespaced does not let one through."""
    group = "rbac.authorization.k8s.io"
    binding = {"apiVersion": f"{group}/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "admin"}}
    words = refused(definition(group, "ClusterRoleBinding", "Namespaced"), binding).summary
    assert "ClusterRoleBinding/admin is cluster-scoped" in words


def test_a_new_kind_is_believed_to_its_definition() -> None:
    """A CRD and its custom resource still come together."""
    made = {"apiVersion": "example.com/v1", "kind": "Boat", "metadata": {"name": "a"}}
    assert str(checked(definition("example.com", "Boat", "Namespaced"), made)[1].ref) == "Boat/shop/a"


def test_an_inventory_cannot_be_pushed() -> None:
    """No manifest takes the name of an inventory, our own or another repository's."""
    name = parent_of("github/acme/other", ENVIRONMENT).name
    words = refused({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}}).summary
    assert f"Secret/shop/{name} is named as Pushboat names its inventories" in words
    checked({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "pushboat-token"}})


@pytest.mark.parametrize(
    "body",
    [
        {"apiVersion": "v1", "kind": "List", "metadata": {"name": "x"}, "items": 5},
        {"apiVersion": "v1", "kind": "List", "metadata": {"name": "x"}, "items": {"a": {}}},
        {"apiVersion": "v1", "kind": "List", "items": "abc"},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "namespace": ["shop"]}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "\x1b[2J"}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "\u202efdp"}},
        {"apiVersion": ["v1"], "kind": "ConfigMap", "metadata": {"name": "x"}},
        {"apiVersion": "v1", "kind": 1, "metadata": {"name": "x"}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": None},
        {"apiVersion": "v1", "kind": "configmap", "metadata": {"name": "x"}},
        {"apiVersion": "v1/v1", "kind": "ConfigMap", "metadata": {"name": "x"}},
    ],
)
def test_values_of_the_wrong_type_are_mistakes(body: dict[str, Any]) -> None:
    """Whatever stands where a word or a list belongs, I get a sentence about my manifest."""
    assert refused(body).summary.startswith("a.yaml:1: ")


@pytest.mark.parametrize("versions", [5, "v1", {"a": 1}, [None, "v1"]])
def test_a_definition_of_odd_types_defines_nothing(versions: Any) -> None:
    """The API server will say what is wrong with it; we do not stumble over it."""
    assert len(checked(definition("example.com", "Boat", "Namespaced", versions))) == 1


def test_a_flood_of_objects_is_refused() -> None:
    """A small file cannot fill the cluster with objects."""
    bodies = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"a{each}"}} for each in range(11_000)]
    assert "more than 10,000 objects" in refused({"apiVersion": "v1", "kind": "List", "items": bodies}).summary


def test_a_flood_of_mistakes_is_cut() -> None:
    """What is stored and shown of thousands of mistakes is a page, and their number."""
    wrong = refused(*[{"apiVersion": "v1", "kind": "K" * 5000, "metadata": {"name": "a"}}] * 500)
    assert "(and 499 more)" in wrong.summary
    assert len(wrong.details.splitlines()) == MOST_SHOWN + 1
    assert len(wrong.summary) < 300
