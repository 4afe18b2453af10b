"""What runs Pushboat inside a cluster: the cluster accepts it, and its rights are enough and no more."""

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.lab.golang import install
from tests.cluster_view import ClusterView
from tests.fakes.forge import FakeForge
from tests.serving import ROOT, Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import config_map, deployment, repository_file
from workers.render.renderers import KUSTOMIZE

BASE = ROOT / "deploy/kustomize/base"
OWNER = "fieldManager=story&fieldValidation=Strict&force=true"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
PATHS = {
    "Namespace": "/api/v1/namespaces",
    "ServiceAccount": "/api/v1/namespaces/{namespace}/serviceaccounts",
    "ConfigMap": "/api/v1/namespaces/{namespace}/configmaps",
    "Secret": "/api/v1/namespaces/{namespace}/secrets",
    "Service": "/api/v1/namespaces/{namespace}/services",
    "PersistentVolumeClaim": "/api/v1/namespaces/{namespace}/persistentvolumeclaims",
    "Deployment": "/apis/apps/v1/namespaces/{namespace}/deployments",
    "NetworkPolicy": "/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies",
    "ClusterRole": f"{RBAC}/clusterroles",
    "ClusterRoleBinding": f"{RBAC}/clusterrolebindings",
    "RoleBinding": f"{RBAC}/namespaces/{{namespace}}/rolebindings",
}
ACCOUNT = "system:serviceaccount:pushboat:pushboat"


def place_of(body: dict[str, Any]) -> str:
    """Give an object's path."""
    metadata = body["metadata"]
    return f"{PATHS[body['kind']].format(namespace=metadata.get('namespace'))}/{metadata['name']}"


def apply(cluster: ClusterView, body: dict[str, Any]) -> dict[str, Any]:
    """Apply an object as `kubectl apply --server-side` does, with every unknown field refused."""
    path = f"{place_of(body)}?{OWNER}"
    return dict(cluster.request("PATCH", path, body, "application/apply-patch+yaml"))


def bind(cluster: ClusterView, namespace: str, role: str, account: str) -> None:
    """Grant a role of the base in one namespace, as the base's own comment says."""
    owner, _, name = account.partition("/")
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": f"{role}-{name}", "namespace": namespace},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": owner}],
    }
    apply(cluster, binding)


def create_namespace(cluster: ClusterView, name: str) -> None:
    """Create a namespace."""
    apply(cluster, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})


@pytest.fixture(scope="module")
def base() -> list[dict[str, Any]]:
    """Everything that the base builds."""
    command = [install(KUSTOMIZE), "build", BASE]
    built = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return list(yaml.safe_load_all(built))


@pytest.fixture(scope="module")
def installed(cluster: ClusterView, base: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The base, applied; afterwards its objects are deleted again, the namespace last."""
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "pushboat-secrets", "namespace": "pushboat"}}
    everything = sorted([*base, secret], key=lambda body: body["kind"] != "Namespace")
    for body in everything:
        apply(cluster, body)
    yield everything
    for body in reversed(everything):
        cluster.request("DELETE", place_of(body))


def may(cluster: ClusterView, verb: str, resource: str, namespace: str = "", group: str = "", **more: str) -> bool:
    """Ask the API server whether Pushboat's account may do something; `more` is a `name` or a `subresource`."""
    asked = {"verb": verb, "resource": resource, "namespace": namespace, "group": group, **more}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {
            "user": ACCOUNT,
            "groups": ["system:serviceaccounts", "system:serviceaccounts:pushboat", "system:authenticated"],
            "resourceAttributes": asked,
        },
    }
    answer = cluster.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
    return bool(answer["status"]["allowed"])


@pytest.mark.usefixtures("installed")
def test_the_pod_is_admitted_and_ready(cluster: ClusterView, base: list[dict[str, Any]]) -> None:
    """I apply the base: the namespace enforces the restricted pod security, and the pod runs in it all the same."""
    [namespace] = [body for body in base if body["kind"] == "Namespace"]
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"

    def ready() -> bool:
        live = cluster.deployment("pushboat", "pushboat")
        return bool(live["status"].get("readyReplicas") == 1 and live["status"]["updatedReplicas"] == 1)

    until(ready, what="the pod to be ready")
    [pod] = cluster.get("/api/v1/namespaces/pushboat/pods?labelSelector=app.kubernetes.io/name=pushboat")["items"]
    assert pod["spec"]["serviceAccountName"] == "pushboat"

    bad = {"metadata": {"name": "root"}, "spec": {"containers": [{"name": "root", "image": "x"}]}}
    with pytest.raises(AssertionError, match=r"403.*violates PodSecurity.*restricted"):
        cluster.request("POST", "/api/v1/namespaces/pushboat/pods", bad)


@pytest.mark.usefixtures("installed")
def test_the_account_may_do_nothing_until_it_is_told_where(cluster: ClusterView) -> None:
    """Without a RoleBinding it may only look at namespaces; with one it may deploy there, and nowhere else."""
    create_namespace(cluster, "base-granted")
    wanted = [("", "configmaps"), ("", "secrets"), ("apps", "deployments"), ("batch", "jobs")]
    for group, resource in wanted:
        assert not may(cluster, "patch", resource, "base-granted", group)
    bind(cluster, "base-granted", "pushboat-deployer", "pushboat/pushboat")
    for group, resource in wanted:
        for verb in ("get", "list", "create", "patch", "delete"):
            until(lambda: may(cluster, verb, resource, "base-granted", group), what=f"{verb} {resource}")  # noqa: B023
            assert not may(cluster, verb, resource, "default", group)
            assert not may(cluster, verb, resource, "kube-system", group)
            assert not may(cluster, verb, resource, "pushboat", group)
            assert not may(cluster, verb, resource, "", group)
    assert may(cluster, "get", "namespaces", name="default")
    for verb in ("create", "delete", "patch"):
        assert not may(cluster, verb, "namespaces", name="default")
    for resource in ("nodes", "users", "groups", "serviceaccounts"):
        assert not may(cluster, "impersonate", resource, "base-granted")
        assert not may(cluster, "create", resource)
    for resource in ("roles", "rolebindings", "clusterroles", "clusterrolebindings"):
        assert not may(cluster, "create", resource, "base-granted", "rbac.authorization.k8s.io")
    assert not may(cluster, "create", "pods", "base-granted", subresource="exec")
    assert not may(cluster, "create", "serviceaccounts", "base-granted", subresource="token")


@pytest.fixture(scope="module")
def least(cluster: ClusterView, kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory, installed: Any) -> Path:
    """A kubeconfig with nothing but a token of the base's service account, as the pod would have."""
    path = "/api/v1/namespaces/pushboat/serviceaccounts/pushboat/token"
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
    token = cluster.request("POST", path, review)["status"]["token"]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["sub"] == ACCOUNT
    admins = yaml.safe_load(kubeconfig.read_text())
    context = next(one["context"] for one in admins["contexts"] if one["name"] == admins["current-context"])
    written = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "least",
        "clusters": [one for one in admins["clusters"] if one["name"] == context["cluster"]],
        "users": [{"name": "least", "user": {"token": token}}],
        "contexts": [{"name": "least", "context": {"cluster": context["cluster"], "user": "least"}}],
    }
    path = tmp_path_factory.mktemp("least") / "kubeconfig"
    path.write_text(yaml.safe_dump(written))
    return path


@pytest.fixture(scope="module")
def in_cluster(tmp_path_factory: pytest.TempPathFactory, least: Path, forges: dict[str, FakeForge]) -> Iterator[Served]:
    """A Pushboat with the rights of the base and no others; `borrowed` acts as an account of its team."""
    account = {"borrowed": "github-borrowed-staging/deployer"}
    projects = [
        {
            "repository": f"github/acme/{name}",
            "environments": {
                "staging": {
                    "cluster": "here",
                    "namespaces": [f"github-{name}-staging"],
                    **({"service_account": account[name]} if name in account else {}),
                }
            },
        }
        for name in ("granted", "borrowed", "forgotten")
    ]
    clusters = {"here": {"kubeconfig": str(least)}}
    config = operators_file(least, {"github": forges["github"]}, {"clusters": clusters, "projects": projects})
    served = Served.start(tmp_path_factory.mktemp("in-cluster"), config, environ_of(forges))
    yield served
    served.stop()


def shop_of(name: str, served: Served, forges: dict[str, FakeForge], cluster: ClusterView) -> Shop:
    """Create one of its repositories, and the namespace that it deploys to."""
    create_namespace(cluster, f"github-{name}-staging")
    forges["github"].create_repository(f"acme/{name}")
    return Shop(forges["github"], "github", f"acme/{name}", served, cluster)


MANIFESTS = {
    "deploy/web.yaml": deployment(),
    "deploy/settings.yaml": config_map(),
    "deploy/more.yaml": "---\n".join(
        yaml.safe_dump(one)
        for one in (
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web"}},
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, "stringData": {"a": "b"}},
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}},
        )
    ),
}


def test_the_rights_of_the_base_are_enough(
    in_cluster: Served, forges: dict[str, FakeForge], cluster: ClusterView
) -> None:
    """With one RoleBinding my push is applied, waited for, explained and pruned; nobody is cluster-admin."""
    shop = shop_of("granted", in_cluster, forges, cluster)
    bind(cluster, shop.namespace, "pushboat-deployer", "pushboat/pushboat")
    until(lambda: may(cluster, "patch", "configmaps", shop.namespace), what="the API server to know of it")
    ended = shop.ended(shop.push(MANIFESTS))
    assert (ended["state"], ended["objects"]["created"]) == ("succeeded", 5), ended["reason"]
    ended = shop.ended(shop.push({"deploy/settings.yaml": None}))  # type: ignore[dict-item]
    assert (ended["state"], ended["objects"]["deleted"]) == ("succeeded", 1), ended["reason"]
    broken = deployment(image="registry.example/web:2", behaviour="image-pull")
    sha = shop.push({".pushboat.yaml": repository_file(wait="15s"), "deploy/web.yaml": broken})
    assert "ImagePullBackOff" in shop.status(sha, "failure", within=120)
    assert all(
        may(cluster, verb, "pods", shop.namespace, subresource="log") is (verb == "get") for verb in ("get", "create")
    )


@pytest.mark.proof
@pytest.mark.proves("identity")
def test_an_account_that_is_borrowed_is_enough(
    in_cluster: Served, forges: dict[str, FakeForge], cluster: ClusterView
) -> None:
    """My environment names an account of my team: Pushboat acts as that one, which may deploy; itself may not."""
    shop = shop_of("borrowed", in_cluster, forges, cluster)
    account = {"name": "deployer", "namespace": shop.namespace}
    apply(cluster, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})
    bind(cluster, shop.namespace, "pushboat-deployer", f"{shop.namespace}/deployer")
    bind(cluster, shop.namespace, "pushboat-impersonator", "pushboat/pushboat")
    assert not may(cluster, "patch", "configmaps", shop.namespace)
    ended = shop.ended(shop.push(MANIFESTS))
    assert (ended["state"], ended["objects"]["created"]) == ("succeeded", 5), ended["reason"]


@pytest.mark.proof
def test_a_forgotten_role_binding_is_named(
    in_cluster: Served, forges: dict[str, FakeForge], cluster: ClusterView
) -> None:
    """The operator forgot the RoleBinding: the status says which account may not do what, and nothing is applied."""
    shop = shop_of("forgotten", in_cluster, forges, cluster)
    sha = shop.push(MANIFESTS)
    assert ACCOUNT in shop.status(sha, "error")
    assert shop.ended(sha)["state"] == "errored"
    assert cluster.config_map(shop.namespace, "settings") is None
