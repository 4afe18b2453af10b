"""`doctor` on a real control plane: namespaces, rights and impersonation, each with a fix that helps."""

import json
from pathlib import Path
from typing import Any

import yaml

from tests.cli.conftest import OPERATOR, Pushboat
from tests.cluster_view import ClusterView
from tests.rights.granting import applied
from tests.until import until


def diagnosed(pushboat: Pushboat, home: Path, kubeconfig: Path, **limits: Any) -> list[tuple[str, str]]:
    """Write an operator's file with these limits and give the lines about cluster and environment."""
    file = yaml.safe_load(OPERATOR)
    file["clusters"]["dev"]["kubeconfig"] = str(kubeconfig)
    file["projects"][0]["environments"]["staging"] |= limits
    (home / "pushboat.yaml").write_text(yaml.safe_dump(file))
    found = json.loads(pushboat("doctor", "--json").stdout)
    places = ("cluster dev", "github/acme/shop staging")
    return [(line["result"], line["sentence"]) for line in found if line["check"] in places]


def test_a_missing_namespace_fails_until_it_is_there(
    pushboat: Pushboat, home: Path, kubeconfig: Path, cluster: ClusterView
) -> None:
    """It may also be left to the first deployment, where the operator says so."""
    limits = {"namespaces": ["doctor-a"]}
    version, missing, rights, sight = diagnosed(pushboat, home, kubeconfig, **limits)
    assert version[0] == rights[0] == sight[0] == "PASS"
    assert version[1].startswith("Kubernetes v1.")
    assert missing == ("FAIL", "namespace doctor-a does not exist, and create_namespaces is false")

    found = json.loads(pushboat("doctor", "--json").stdout)
    fix = next(line["fix"] for line in found if line["sentence"] == missing[1])
    assert fix.startswith(f"kubectl --kubeconfig {kubeconfig} create namespace doctor-a")

    allowed = diagnosed(pushboat, home, kubeconfig, create_namespaces=True, **limits)[1]
    assert allowed == ("PASS", "namespace doctor-a does not exist yet; the first deployment creates it")

    cluster.request(
        "POST", "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "doctor-a"}}
    )
    there = diagnosed(pushboat, home, kubeconfig, **limits)[1]
    assert there == ("PASS", "namespace doctor-a exists")


def test_a_service_account_without_a_role_fails(pushboat: Pushboat, home: Path, kubeconfig: Path) -> None:
    """Every deployment would speak as this account, so its rights count, not ours."""
    limits = {"namespaces": ["kube-system"], "service_account": "kube-system/nobody-knows-me"}
    _, impersonation, *rest = diagnosed(pushboat, home, kubeconfig, **limits)
    assert impersonation == ("PASS", "Pushboat may speak as kube-system/nobody-knows-me")
    (rights,) = (sentence for result, sentence in rest if result == "FAIL")
    assert rights == (
        "may not create or delete or get or patch secrets pushboat-staging-06d60dfbc6 nor create or delete or get or "
        "list or patch or watch deployments.apps in namespace kube-system"
    )
    found = json.loads(pushboat("doctor", "--json").stdout)
    fix = next(line["fix"] for line in found if line["sentence"] == rights)
    apply = f"kubectl --kubeconfig {kubeconfig} apply -f -"
    assert fix == f"pushboat rbac github/acme/shop staging | {apply}"


def test_who_may_deploy_and_not_look_is_warned(
    pushboat: Pushboat, home: Path, kubeconfig: Path, cluster: ClusterView
) -> None:
    """An account that writes but sees neither events nor logs could not say why something is red; the fix helps."""
    rights = [
        {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["create", "patch"]},
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]},
    ]
    grant(cluster, "deploys-blindly", rights)
    limits = {"namespaces": ["kube-public"], "service_account": "kube-public/blind"}
    sight = diagnosed(pushboat, home, kubeconfig, **limits)[-1]
    assert sight[0] == "WARN"
    assert sight[1].startswith("may not create or list events, get namespaces kube-public, ")
    assert "get pods/log" in sight[1]
    assert sight[1].endswith(" in namespace kube-public: deployments go on without, and say less")
    printed = pushboat("rbac", "github/acme/shop", "staging", "--kind", "Deployment").stdout
    for each in yaml.safe_load_all(printed):
        applied(cluster, each)
    until(lambda: {line[0] for line in diagnosed(pushboat, home, kubeconfig, **limits)} == {"PASS"})


def grant(cluster: ClusterView, name: str, rules: list[dict[str, Any]]) -> None:
    """Give account kube-public/blind these rights."""
    api = "rbac.authorization.k8s.io/v1"
    role = {"apiVersion": api, "kind": "Role", "metadata": {"name": name}, "rules": rules}
    binding = {
        "apiVersion": api,
        "kind": "RoleBinding",
        "metadata": {"name": name},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": "blind", "namespace": "kube-public"}],
    }
    cluster.request("POST", f"/apis/{api}/namespaces/kube-public/roles", role)
    cluster.request("POST", f"/apis/{api}/namespaces/kube-public/rolebindings", binding)
