"""Clusters are asked what they know, as far as the account may: what it may not see is said, not taken for gone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from pushboat.config import operator as operator_file
from pushboat.config.operator import Operator
from pushboat.store.database.engine import Store
from tests.fresh_store import fresh_store
from tests.until import until
from workers.cluster.client.connection import Cluster
from workers.cluster.inventory import Inventory, Owner, Parent, Recorded
from workers.cluster.inventory.words import body_of, name_for
from workers.questions.onlooking import onlooking
from workers.questions.surviving import Survey, survey

SHA = "a" * 40
SECRETS = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}


def inventory(door: Cluster, namespace: str, environment: str, repository: str, **recorded: str) -> Parent:
    """Let an environment have an inventory, as another store left it."""
    owner = Owner(repository=repository, environment=environment)
    parent = Parent(namespace=namespace, name=name_for(owner))
    said = Recorded(**{"sha": SHA, "ref": "refs/heads/main", "release": "17", **recorded})  # type: ignore[arg-type]
    body = body_of(Inventory(parent=parent, owner=owner, recorded=said))
    del body["metadata"]["resourceVersion"]
    door.request("POST", f"/api/v1/namespaces/{namespace}/secrets", body=body)
    return parent


def confined(door: Cluster, kubeconfig: Path, namespace: str, target: Path) -> Path:
    """Write the kubeconfig of an account that may read Secrets in one namespace, and nowhere else."""
    rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
    door.request("POST", f"/api/v1/namespaces/{namespace}/serviceaccounts", body={"metadata": {"name": "eyes"}})
    door.request("POST", f"{rbac}/roles", body={"metadata": {"name": "eyes"}, "rules": [SECRETS]})
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "eyes"}
    who = {"kind": "ServiceAccount", "name": "eyes", "namespace": namespace}
    door.request(
        "POST", f"{rbac}/rolebindings", body={"metadata": {"name": "eyes"}, "roleRef": role, "subjects": [who]}
    )
    account, everywhere = (
        f"system:serviceaccount:{namespace}:eyes",
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    )
    wanted = {"namespace": namespace, "verb": "list", "resource": "secrets"}
    asked = {"spec": {"user": account, "resourceAttributes": wanted}}
    until(
        lambda: door.request("POST", everywhere, body=asked).data["status"]["allowed"], what="the role to be in force"
    )
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/eyes/token"
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = door.request("POST", path, body=body).data["status"]["token"]
    written: dict[str, Any] = yaml.safe_load(kubeconfig.read_text())
    for user in written["users"]:
        user["user"] = {"token": token}
    target.write_text(yaml.safe_dump(written))
    return target


def file(tmp_path: Path, kubeconfig: Path, environments: dict[str, Any], repository: str) -> Operator:
    """Read an operator's file."""
    written = {
        "state": str(tmp_path),
        "forges": {"github": {"kind": "github", "webhook_secrets": [{"env": "S"}], "token": {"env": "S"}}},
        "clusters": {"dev": {"kubeconfig": str(kubeconfig)}},
        "projects": [{"repository": repository, "environments": environments}],
    }
    return operator_file.parse(yaml.safe_dump(written), tmp_path / "pushboat.yaml", {"S": "secret of sixteen letters"})


@pytest.fixture
def elsewhere(door: Cluster) -> Iterator[str]:
    """Another namespace."""
    name = f"t-{uuid4().hex[:10]}"
    door.request("POST", "/api/v1/namespaces", body={"metadata": {"name": name}})
    yield name
    door.request("DELETE", f"/api/v1/namespaces/{name}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of nothing."""
    found = fresh_store(tmp_path / "state")
    yield found
    found.close()


def surveyed(operator: Operator, store: Store, tmp_path: Path) -> Survey:
    """Ask."""
    with onlooking(operator, store, tmp_path) as tools:
        return survey(tools)


def test_an_account_that_may_not_look_everywhere_finds_each_by_its_name(
    door: Cluster, namespace: str, elsewhere: str, kubeconfig: Path, tmp_path: Path, store: Store
) -> None:
    """What it may read is found, what it may not is named, and a pattern's environments are not taken for none."""
    repository = f"github/acme/{namespace}"
    inventory(door, namespace, "staging", repository)
    inventory(door, elsewhere, "qa", repository)
    environments = {
        "staging": {"cluster": "dev", "namespaces": [namespace]},
        "qa": {"cluster": "dev", "namespaces": [elsewhere]},
        "env-{name}": {"cluster": "dev", "namespaces": ["env-{name}"]},
    }
    whole = surveyed(file(tmp_path, kubeconfig, environments, repository), store, tmp_path)
    assert {each.lane.environment for each in whole.remnants} == {"staging", "qa"}
    assert whole.troubles == []
    eyes = confined(door, kubeconfig, namespace, tmp_path / "eyes.yaml")
    found = surveyed(file(tmp_path, eyes, environments, repository), store, tmp_path)
    (remnant,) = found.remnants
    assert (remnant.lane.environment, remnant.sha, remnant.deployment) == ("staging", SHA, 17)
    assert any(each.startswith(f"{repository} qa: ") for each in found.troubles)
    assert any("environments that a pattern of" in each for each in found.troubles)


def test_an_inventory_is_believed_only_where_the_file_has_its_environment(
    door: Cluster, namespace: str, elsewhere: str, kubeconfig: Path, tmp_path: Path, store: Store
) -> None:
    """Whoever may write Secrets elsewhere cannot say what runs here; odd words of one are no commit and no ref."""
    repository = f"github/acme/{namespace}"
    forged = inventory(door, elsewhere, "staging", repository, sha="b" * 40)
    inventory(door, namespace, "qa", repository, sha="HEAD; rm -rf /")
    inventory(door, namespace, "staging", repository, ref="refs/heads/x\ny")
    environments = {name: {"cluster": "dev", "namespaces": [namespace]} for name in ("staging", "qa")}
    found = surveyed(file(tmp_path, kubeconfig, environments, repository), store, tmp_path)
    (remnant,) = found.remnants
    assert (remnant.lane.environment, remnant.sha, remnant.ref) == ("staging", SHA, "")
    assert [(lane.environment, parent) for lane, parent in found.unsaid] == [
        ("qa", str(Parent(namespace=namespace, name=name_for(Owner(repository=repository, environment="qa")))))
    ]
    strangers = {each.inventory: each.why for each in found.strangers}
    assert strangers[str(forged)] == f"pushboat.yaml has it in cluster dev, in {namespace}"


def test_of_two_the_one_that_the_environment_goes_on_with_is_believed(
    door: Cluster, namespace: str, elsewhere: str, kubeconfig: Path, tmp_path: Path, store: Store
) -> None:
    """Whoever may write Secrets in another of its namespaces, or has what is left of a former name, comes after it."""
    later, first = sorted((namespace, elsewhere))
    repository = f"github/acme/{namespace}"
    own = name_for(Owner(repository=repository, environment="staging"))
    before = (f"github/acme/old-{number}" for number in range(1000))
    former = next(each for each in before if name_for(Owner(repository=each, environment="staging")) < own)
    inventory(door, later, "staging", repository, sha="b" * 40)
    inventory(door, first, "staging", former, sha="c" * 40)
    runs = inventory(door, first, "staging", repository)
    staging = {"cluster": "dev", "namespaces": [first, later], "formerly": [f"{former}:staging"]}
    found = surveyed(file(tmp_path, kubeconfig, {"staging": staging}, repository), store, tmp_path)
    (remnant,) = found.remnants
    assert (remnant.sha, remnant.inventory) == (SHA, str(runs))
    assert [each.why for each in found.strangers if each.inventory.split("/")[1] in (first, later)] == [
        "staging has another one",
        "staging has another one",
    ]


def test_a_number_that_leaves_none_to_others_is_not_believed(
    door: Cluster, namespace: str, kubeconfig: Path, tmp_path: Path, store: Store
) -> None:
    """The store counts on from the highest number that it has: nobody in a cluster makes it the last one."""
    repository = f"github/acme/{namespace}"
    inventory(door, namespace, "staging", repository, release="9" * 18)
    environments = {"staging": {"cluster": "dev", "namespaces": [namespace]}}
    (remnant,) = surveyed(file(tmp_path, kubeconfig, environments, repository), store, tmp_path).remnants
    assert (remnant.sha, remnant.deployment) == (SHA, 0)


def test_an_inventory_leads_nobody_into_other_namespaces(
    door: Cluster, namespace: str, elsewhere: str, kubeconfig: Path, tmp_path: Path, store: Store
) -> None:
    """It names namespaces that I may not look into, and some thousand that nobody has: what it says is known all the
    same."""
    owner = Owner(repository=f"github/acme/{namespace}", environment="staging")
    parent = Parent(namespace=namespace, name=name_for(owner))
    spaces = frozenset({elsewhere, "kube-system", *(f"nobodys-{number}" for number in range(2000))})
    recorded = Recorded(sha=SHA, ref="refs/heads/main", release="17")
    there = Inventory(
        parent=parent, owner=owner, kinds=frozenset({"Secret"}), namespaces=spaces | {namespace}, recorded=recorded
    )
    body = body_of(there)
    del body["metadata"]["resourceVersion"]
    door.request("POST", f"/api/v1/namespaces/{namespace}/secrets", body=body)
    eyes = confined(door, kubeconfig, namespace, tmp_path / "eyes.yaml")
    environments = {"staging": {"cluster": "dev", "namespaces": [namespace]}}
    found = surveyed(file(tmp_path, eyes, environments, owner.repository), store, tmp_path)
    assert found.troubles == []
    (remnant,) = found.remnants
    assert (remnant.sha, remnant.deployment) == (SHA, 17)
