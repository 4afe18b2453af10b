"""The API is a real one: versions, roles, tokens, policies, logs, and managed fields."""

import json

from tests.devcluster.api import Cluster, eventually, pod_spec


def test_it_says_its_version(cluster: Cluster) -> None:
    """Clients choose what they do by it."""
    assert cluster.get("/version")["gitVersion"] == "v1.36.3"


def test_the_kubeconfig_is_for_its_owner_only(cluster: Cluster) -> None:
    """It holds an administrator's token."""
    assert cluster.kubeconfig.stat().st_mode & 0o777 == 0o600


def test_nobody_gets_in_without_a_token(cluster: Cluster) -> None:
    """A wrong token is no token."""
    assert cluster.ask("GET", "/api/v1/namespaces", token="wrong")[0] == 401


def test_a_service_account_may_do_what_its_role_says(cluster: Cluster) -> None:
    """Tokens can be requested, and roles are enforced."""
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = cluster.create(f"{cluster.core}/serviceaccounts/default/token", request)["status"]["token"]
    assert cluster.ask("GET", f"{cluster.core}/pods", token=token)[0] == 403
    bindings = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{cluster.namespace}/rolebindings"
    subject = {"kind": "ServiceAccount", "name": "default", "namespace": cluster.namespace}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
    cluster.create(bindings, {"metadata": {"name": "view"}, "roleRef": role, "subjects": [subject]})
    eventually(lambda: cluster.ask("GET", f"{cluster.core}/pods", token=token)[0] == 200, "the role works")


def test_pod_security_is_enforced(cluster: Cluster) -> None:
    """A namespace that says restricted means it."""
    here = cluster.get(f"/api/v1/namespaces/{cluster.namespace}")
    here["metadata"].setdefault("labels", {})["pod-security.kubernetes.io/enforce"] = "restricted"
    assert cluster.ask("PUT", f"/api/v1/namespaces/{cluster.namespace}", here)[0] == 200

    def refused() -> bool:
        body = {"metadata": {"generateName": "web-"}, "spec": pod_spec()}
        status, text = cluster.ask("POST", f"{cluster.core}/pods", body)
        return status == 403 and "violates PodSecurity" in json.loads(text)["message"]

    eventually(refused, "the pod is refused")


def test_logs_can_be_read_also_of_the_previous_run(cluster: Cluster) -> None:
    """The last words of a crashed container are what people ask for first."""
    cluster.run_pod("web", behaviour="crash-loop", logs="connecting\nfatal: no database")
    cluster.await_reason("web", "CrashLoopBackOff")
    status, text = cluster.ask("GET", f"{cluster.core}/pods/web/log?previous=true&tailLines=1")
    assert (status, text) == (200, "fatal: no database\n")


def test_writes_carry_the_name_of_the_component(cluster: Cluster) -> None:
    """A controller's field looks like a controller's, not like a stranger's."""
    cluster.run_pod("web")
    eventually(lambda: cluster.container("web").get("ready"), "ready")
    managers = {entry["manager"] for entry in cluster.pod("web")["metadata"]["managedFields"]}
    assert "kubelet" in managers
