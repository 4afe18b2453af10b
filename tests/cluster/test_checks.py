"""What a repository may apply is decided before anything is applied, and every mistake is named at once."""

from typing import Any

import pytest

from pushboat.config.environment import Environment
from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Ref
from workers.review.limits import check

CLUSTER = {
    ("", "v1", "ConfigMap"): True,
    ("", "v1", "Namespace"): False,
    ("rbac.authorization.k8s.io", "v1", "ClusterRole"): False,
}
CRD = ("apiextensions.k8s.io", "v1", "CustomResourceDefinition")


class Kinds:
    """A cluster that knows a few kinds."""

    name = "the cluster"

    def namespaced(self, group: str, version: str, kind: str) -> bool | None:
        return {**CLUSTER, CRD: False}.get((group, version, kind))

    def kinds_of(self, group: str) -> set[str]:
        return {kind for known, _, kind in CLUSTER if known == group}

    def api_versions(self, kind: str) -> list[str]:
        return [f"{group}/{version}" if group else version for group, version, known in CLUSTER if known == kind]


def environment(**changed: Any) -> Environment:
    given = {"namespaces": ("shop", "shop-jobs"), "namespace": "shop", **changed}
    return Environment(name="staging", cluster="dev", path="deploy", **given)


def manifest(body: dict[str, Any], line: int = 1) -> Manifest:
    return Manifest(ref=Ref("", "", "", ""), version="", body=body, file="deploy/a.yaml", line=line)


def config_map(name: str = "settings", **metadata: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}}


def refused(*bodies: dict[str, Any], **allowed: Any) -> InvalidManifest:
    with pytest.raises(InvalidManifest) as wrong:
        check([manifest(body, line) for line, body in enumerate(bodies, 1)], environment(**allowed), Kinds())
    return wrong.value


def test_the_default_namespace_is_filled_in() -> None:
    """An object without a namespace goes to the environment's own."""
    found = check([manifest(config_map()), manifest(config_map(namespace="shop-jobs"))], environment(), Kinds())
    assert [str(each.ref) for each in found] == ["ConfigMap/shop/settings", "ConfigMap/shop-jobs/settings"]
    assert found[0].body["metadata"]["namespace"] == "shop"


def test_all_mistakes_are_reported_at_once() -> None:
    """I get to know everything that is wrong, each with file and line."""
    wrong = refused(config_map(namespace="kube-system"), {"kind": "ConfigMap"}, config_map("b"), config_map("b"))
    assert wrong.summary == (
        "deploy/a.yaml:1: ConfigMap/kube-system/settings is outside of this environment's namespaces (shop, shop-jobs)"
        " (and 2 more)"
    )
    assert "deploy/a.yaml:2: apiVersion is missing" in wrong.details
    assert "deploy/a.yaml:4: ConfigMap/shop/b is already defined at deploy/a.yaml:3" in wrong.details


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"apiVersion": "v1", "kind": "ConfigMap"}, "ConfigMap has no metadata"),
        (config_map(""), "ConfigMap has no name"),
        ({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "a-"}}, "generateName"),
        (config_map("../../kube-system/configmaps/x"), "cannot be part of a path"),
        (config_map("a%2fb"), "cannot be part of a path"),
        (config_map(".."), "cannot be part of a path"),
        (config_map("one\ntwo"), "cannot be part of a path"),
        (config_map(labels={"applyset.kubernetes.io/part-of": "x"}), "belongs to Pushboat"),
        (config_map(annotations={"pushboat.dev/fence": "9"}), "belongs to Pushboat"),
        (config_map(annotations={"build": 7}), "annotations.build must be text"),
        ({"apiVersion": "v1", "kind": "Gizmo", "metadata": {"name": "a"}}, "the cluster does not know Gizmo (v1)"),
        (
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "a"}},
            "cluster-scoped",
        ),
        (
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
            "must list Namespace under cluster_scoped",
        ),
    ],
)
def test_an_unfit_object_is_refused_in_words(body: dict[str, Any], words: str) -> None:
    """Each refusal says what is wrong and what to do."""
    assert words in refused(body).summary


@pytest.mark.proves("namespaces-created")
def test_cluster_scoped_kinds_need_the_operators_word() -> None:
    """Only listed kinds may live outside namespaces, and a namespace only if it is the environment's own."""
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "r", "namespace": "x"},
    }
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    allowed = environment(cluster_scoped=("ClusterRole.rbac.authorization.k8s.io", "Namespace"))
    found = check([manifest(role), manifest(space)], allowed, Kinds())
    assert [str(each.ref) for each in found] == ["ClusterRole/r", "Namespace/shop"]
    assert "namespace" not in found[0].body["metadata"]
    foreign = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system"}}
    assert "not one of this environment's namespaces" in refused(foreign, cluster_scoped=("Namespace",)).summary


def test_a_kind_of_the_same_set_is_known() -> None:
    """A custom resource may come together with its definition."""
    spec = {"group": "example.com", "names": {"kind": "Boat"}, "scope": "Namespaced", "versions": [{"name": "v1"}]}
    definition = {"apiVersion": "apiextensions.k8s.io/v1", "kind": CRD[2], "metadata": {"name": "b"}, "spec": spec}
    boat = {"apiVersion": "example.com/v1", "kind": "Boat", "metadata": {"name": "one"}}
    found = check([manifest(boat), manifest(definition)], environment(cluster_scoped=(CRD[2],)), Kinds())
    assert str(found[0].ref) == "Boat/shop/one"


def test_lists_are_taken_apart() -> None:
    """A List, and a list of one kind, hold the objects that are meant."""
    plain = {"apiVersion": "v1", "kind": "List", "items": [config_map("a"), config_map("b")]}
    typed = {"apiVersion": "v1", "kind": "ConfigMapList", "items": [{"metadata": {"name": "c"}}]}
    found = check([manifest(plain), manifest(typed)], environment(), Kinds())
    assert [each.ref.name for each in found] == ["a", "b", "c"]
    assert "not an object" in refused({"apiVersion": "v1", "kind": "List", "items": ["a"]}).summary


@pytest.mark.proves("limits")
def test_all_that_the_operator_must_allow_is_asked_for_at_once() -> None:
    """My folder needs kinds and namespaces that are not ours: I am red once, with the lines for the operator's file."""
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole"}
    roles = [{**role, "metadata": {"name": name}} for name in ("one", "two")]
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "more"}}
    wrong = refused(*roles, config_map(namespace="elsewhere"), space, config_map())
    assert wrong.summary.startswith(
        "the operator must add to staging: cluster_scoped [ClusterRole, Namespace], namespaces [elsewhere, more] — "
        "deploy/a.yaml:1: ClusterRole/one is cluster-scoped"
    )
    assert wrong.summary.endswith("(and 3 more)")
    assert (
        "  namespaces: [shop, shop-jobs, elsewhere, more]\n  cluster_scoped: [ClusterRole, Namespace]" in wrong.details
    )
    assert "ConfigMap/elsewhere/settings is outside of this environment's namespaces" in wrong.details


def test_a_mistake_of_the_commit_is_not_the_operators_to_allow() -> None:
    """Where something is wrong in the commit itself I am not sent to the operator first, and still see the lines."""
    wrong = refused(config_map(""), config_map(namespace="elsewhere"))
    assert wrong.summary == "deploy/a.yaml:1: ConfigMap has no name (and 1 more)"
    assert "namespaces: [shop, shop-jobs, elsewhere]" in wrong.details
