"""`pushboat rbac` prints what to grant: nothing that a pushed file could widen, and what it means."""

import re
import subprocess
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import OPERATOR, REPOSITORY, ROOT, Finished, Pushboat
from tests.written import config_map, definition, deployment

PLACE = ("github/acme/shop", "staging")
PAGE = ROOT / "docs" / "rights.md"


def work_tree(home: Path, *manifests: str) -> Path:
    """Write a repository with these manifests."""
    tree = home / "tree"
    (tree / "deploy").mkdir(parents=True)
    (tree / ".pushboat.yaml").write_text(REPOSITORY)
    (tree / "deploy" / "all.yaml").write_text("---\n".join(manifests))
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    return tree


def allow(home: Path, **limits: Any) -> None:
    """Write the operator's file with these limits."""
    file = yaml.safe_load(OPERATOR)
    file["projects"][0]["environments"]["staging"] |= limits
    (home / "pushboat.yaml").write_text(yaml.safe_dump(file))


def rules(printed: Finished) -> list[dict[str, Any]]:
    """Read all rules that are printed."""
    documents = [each for each in yaml.safe_load_all(printed.stdout) if each]
    return [rule for each in documents for rule in each.get("rules", ())]


def resources(printed: Finished) -> set[str]:
    """Name what something is granted of."""
    return {each for rule in rules(printed) for each in rule["resources"]}


def test_the_kinds_of_a_work_tree_are_granted_and_no_others(pushboat: Pushboat, home: Path) -> None:
    """Before the first push, too: the tree says what it has."""
    tree = work_tree(home, config_map(), deployment())
    printed = pushboat("rbac", *PLACE, "--here", "--checkout", tree)
    assert printed.returncode == 0, printed.stderr
    written = {each for rule in rules(printed) if "patch" in rule["verbs"] for each in rule["resources"]}
    assert written == {"configmaps", "deployments", "secrets"}
    (inventory,) = (rule for rule in rules(printed) if rule["resources"] == ["secrets"])
    assert inventory["resourceNames"] == ["pushboat-staging-06d60dfbc6"], "of Secrets the inventory's alone"
    kinds = [each["kind"] for each in yaml.safe_load_all(printed.stdout) if each]
    assert kinds == ["ServiceAccount", "Role", "RoleBinding"], "nothing is granted cluster-wide"


def test_an_account_of_its_own_is_bound_and_may_be_spoken_as(pushboat: Pushboat, home: Path) -> None:
    """Pushboat's own account gets nothing but to speak as this one."""
    allow(home, service_account="shop-staging/deployer")
    printed = pushboat("rbac", *PLACE, "--account", "ops/pushboat")
    bindings = [each for each in yaml.safe_load_all(printed.stdout) if each and each["kind"] == "RoleBinding"]
    subjects = {each["metadata"]["name"]: each["subjects"][0] for each in bindings}
    assert subjects == {
        "pushboat-staging-06d60dfbc6": {"kind": "ServiceAccount", "name": "deployer", "namespace": "shop-staging"},
        "pushboat-staging-06d60dfbc6-speaks": {"kind": "ServiceAccount", "name": "pushboat", "namespace": "ops"},
    }
    (speaks,) = (rule for rule in rules(printed) if "impersonate" in rule["verbs"])
    assert (speaks["resources"], speaks["resourceNames"]) == (["serviceaccounts"], ["deployer"])


@pytest.mark.parametrize(("group", "plural"), [("wide.example", "'*'"), ("''", "secrets"), ("apps", "gadgets")])
def test_a_tree_cannot_name_more_than_it_defines(pushboat: Pushboat, home: Path, group: str, plural: str) -> None:
    """A definition with a star, or in a group of Kubernetes itself, would have me grant what nobody asked for."""
    allow(home, cluster_scoped=["CustomResourceDefinition"])
    wide = definition("gadgets", "Gadget", "wide.example").replace("plural: gadgets", f"plural: {plural}")
    wide = wide.replace("group: wide.example", f"group: {group}")
    gadget = yaml.safe_dump({"apiVersion": "wide.example/v1", "kind": "Gadget", "metadata": {"name": "a"}})
    printed = pushboat("rbac", *PLACE, "--here", "--checkout", work_tree(home, wide, gadget))
    assert "*" not in {word for rule in rules(printed) for word in (*rule["resources"], *rule["verbs"])}
    assert not {"gadgets"} & resources(printed)
    assert printed.returncode != 0
    unnamed = [rule for rule in rules(printed) if rule["resources"] == ["secrets"] and "resourceNames" not in rule]
    assert unnamed == []


def test_what_the_operator_does_not_allow_is_not_granted(pushboat: Pushboat, home: Path) -> None:
    """A ClusterRole in the tree is refused by every deployment, so nobody is talked into the right to write one."""
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "all"}}
    tree = work_tree(home, config_map(), yaml.safe_dump(role))
    printed = pushboat("rbac", *PLACE, "--here", "--checkout", tree)
    assert "clusterroles" not in resources(printed)
    assert "may not have ClusterRole.rbac.authorization.k8s.io: pushboat.yaml does not allow it" in printed.stderr
    allow(home, cluster_scoped=["ClusterRole"])
    printed = pushboat("rbac", *PLACE, "--here", "--checkout", tree)
    assert "clusterroles" in resources(printed)
    assert "unless it has the verb `escalate`" in re.sub(r"\s+", " ", printed.stdout)


def test_every_environment_of_a_cluster_is_printed_at_once(pushboat: Pushboat, home: Path) -> None:
    """`--all` is of one cluster, since kubectl speaks to one."""
    file = yaml.safe_load(OPERATOR)
    file["clusters"]["prod"] = {"kubeconfig": "./kubeconfig"}
    more = {"qa": {"cluster": "dev", "namespaces": ["shop-qa"]}, "live": {"cluster": "prod", "namespaces": ["shop"]}}
    file["projects"][0]["environments"] |= more
    (home / "pushboat.yaml").write_text(yaml.safe_dump(file))
    assert pushboat("rbac", "--all").returncode == 2
    printed = pushboat("rbac", "--all", "--cluster", "dev")
    spaces = {each["metadata"].get("namespace") for each in yaml.safe_load_all(printed.stdout) if each}
    assert spaces == {"pushboat", "shop-staging", "shop-qa"}


def test_the_page_shows_what_is_printed(pushboat: Pushboat, home: Path) -> None:
    """docs/rights.md: its file and its command give its manifests."""
    found = re.findall(r"^ *```(\w+)\n(.*?)^ *```", PAGE.read_text(), re.S | re.M)
    blocks = [(language, textwrap.dedent(text)) for language, text in found]
    limits, manifest, shown = (text for language, text in blocks if language == "yaml")
    allow(home, **yaml.safe_load(limits)["staging"])
    tree = work_tree(home, manifest)
    commands = [line for language, text in blocks if language == "sh" for line in text.splitlines()]
    assert commands[0] == f"pushboat rbac {' '.join(PLACE)} --here"
    printed = pushboat("rbac", *PLACE, "--here", "--checkout", tree)
    assert printed.stdout.splitlines() == shown.splitlines()
