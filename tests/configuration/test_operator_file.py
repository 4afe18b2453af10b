"""The operator's file, read: defaults, what follows from the rest, and paths and secrets that it names."""

from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.config.operator import App, ClusterAccess, Limits, Operator, Secret
from pushboat.errors import ConfigurationError

SMALLEST = """
forges:
  github: {kind: github, webhook_secrets: [{env: HOOK}], token: {env: TOKEN}}
clusters:
  dev: {in_cluster: true}
projects: []
"""

WHOLE = """
public_url: https://pushboat.example.com/
listen: 0.0.0.0:9000
state: ~/pushboat
workers: 8
store: postgresql://pushboat@db/pushboat
broker: {env: BROKER}
forges:
  ghe:
    kind: github
    url: https://git.example.com/
    webhook_secrets: [{env: HOOK}, {file: secrets/old}]
    app: {id: 7, private_key: {file: secrets/key.pem}}
  gitlab: {kind: gitlab, webhook_secrets: [{env: HOOK, kind: signing}], token: {env: TOKEN}}
  local: {kind: git, root: repositories, webhook_secrets: [{env: HOOK}]}
clusters:
  dev: {kubeconfig: ~/.kube/config, context: dev}
  here: {in_cluster: true, deployments: 2}
projects:
  - repository: ghe/acme/shop
    environments:
      staging:
        cluster: dev
        namespaces: [shop, shop-jobs]
        create_namespaces: true
        cluster_scoped: [Namespace]
        recreate: [Job]
        service_account: shop/deployer
        approvals: 0
        deployers: [maintain, alice]
        branch: main
        wait: 1h30m
        needs: []
  - repository: gitlab/acme/teams/site
    environments:
      live: {cluster: here, namespaces: [site], tag: "v*", path: ./deploy//live/, render: kustomize, prune: false}
"""

ENVIRON = {"HOOK": "hook-secret", "TOKEN": "forge-token\n", "BROKER": "redis://:pw@cache/0", "HOME": "/home/op"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of the operator's file, with the secrets that it names."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "old").write_text("old-secret\n")
    (tmp_path / "secrets" / "key.pem").write_text("-----BEGIN RSA PRIVATE KEY-----\nAA\n")
    return tmp_path


def parse(text: str, folder: Path) -> Operator:
    """Read a text as the operator's file of a folder."""
    return operator.parse(text, folder / "pushboat.yaml", ENVIRON)


def test_the_smallest_file_gets_every_default(tmp_path: Path) -> None:
    """A forge, a cluster and a list of projects are enough to start."""
    read = parse(SMALLEST, tmp_path)
    assert (read.public_url, read.host, read.port) == ("http://127.0.0.1:8700", "127.0.0.1", 8700)
    assert (read.state, read.workers, read.store, read.broker) == (tmp_path / "var", 4, "", "")
    assert (read.projects, read.clusters) == ({}, {"dev": ClusterAccess(name="dev", in_cluster=True)})
    github = read.forges["github"]
    assert (github.url, github.api_url) == ("https://github.com", "https://api.github.com")
    assert github.clone_url == "https://github.com/{repository}.git"
    assert (github.token, github.webhook_secrets) == ("forge-token", (Secret(value="hook-secret"),))


def test_every_key_of_the_contract_is_read(folder: Path) -> None:
    """What the contract shows can be written, and arrives."""
    read = parse(WHOLE, folder)
    assert (read.public_url, read.host, read.port) == ("https://pushboat.example.com", "0.0.0.0", 9000)
    assert (read.state, read.workers) == (Path("/home/op/pushboat"), 8)
    assert (read.store, read.broker) == ("postgresql+psycopg://pushboat@db/pushboat", "redis://:pw@cache/0")
    assert read.clusters["here"].deployments == 2
    assert read.clusters["dev"] == ClusterAccess(name="dev", kubeconfig=Path("/home/op/.kube/config"), context="dev")
    staging = read.projects["ghe/acme/shop"].environments["staging"]
    assert staging == Limits(
        environment="staging",
        cluster="dev",
        namespaces=("shop", "shop-jobs"),
        create_namespaces=True,
        cluster_scoped=("Namespace",),
        recreate=("Job",),
        service_account="shop/deployer",
        deployers=("maintain", "alice"),
        approvers=("maintain", "alice"),
        fixed={"branch": "main", "wait": 5400.0, "needs": ()},
    )
    live = read.projects["gitlab/acme/teams/site"].environments["live"]
    assert live.fixed == {"tag": "v*", "path": "deploy/live", "render": "kustomize", "prune": False}


def test_addresses_follow_from_the_forges_own(folder: Path) -> None:
    """GitHub Enterprise and GitLab need only their web address."""
    forges = parse(WHOLE, folder).forges
    assert forges["ghe"].api_url == "https://git.example.com/api/v3"
    assert forges["ghe"].clone_url == "https://git.example.com/{repository}.git"
    assert forges["ghe"].app == App(id=7, private_key="-----BEGIN RSA PRIVATE KEY-----\nAA")
    assert [secret.value for secret in forges["ghe"].webhook_secrets] == ["hook-secret", "old-secret"]
    assert forges["gitlab"].api_url == "https://gitlab.com/api/v4"
    assert forges["gitlab"].webhook_secrets == (Secret(value="hook-secret", kind="signing"),)
    assert (forges["local"].root, forges["local"].clone_url) == (folder / "repositories", "")


def test_links_lead_to_where_it_listens() -> None:
    """Without a public address, links use the one that is listened on, as a person can open it."""
    for listen, link in {
        "127.0.0.1:9": "http://127.0.0.1:9",
        "'[::1]:80'": "http://[::1]:80",
        "0.0.0.0:80": "http://127.0.0.1:80",
        "pushboat.internal:80": "http://pushboat.internal:80",
    }.items():
        assert parse(f"listen: {listen}\n{SMALLEST}", Path("/tmp")).public_url == link


def test_anchors_and_merge_keys_save_repetition(tmp_path: Path) -> None:
    """An operator with many environments writes what they share once."""
    shared = SMALLEST.replace("projects: []", "").lstrip() + (
        "projects:\n"
        "  - repository: github/acme/shop\n"
        "    environments:\n"
        "      one: &shared {cluster: dev, namespaces: [a], branch: main}\n"
        "      two: {<<: *shared, namespaces: [b]}\n"
        "      three: *shared\n"
    )
    environments = parse(shared, tmp_path).projects["github/acme/shop"].environments
    assert environments["two"] == replace(environments["one"], environment="two", namespaces=("b",))
    assert environments["three"] == replace(environments["one"], environment="three")


def test_no_secret_shows_in_what_is_printed(folder: Path) -> None:
    """Printing the configuration in a log or a traceback gives nothing away."""
    shown = repr(parse(WHOLE, folder))
    assert not [value for value in ("hook-secret", "old-secret", "forge-token", "pw@cache", "BEGIN") if value in shown]


def test_a_missing_file_says_which_and_how_to_make_one(tmp_path: Path) -> None:
    """Whoever starts without a file learns where it was looked for and what to do."""
    with pytest.raises(ConfigurationError) as raised:
        operator.load(tmp_path / "pushboat.yaml", {})
    assert str(tmp_path / "pushboat.yaml") in raised.value.summary
    for advice in ("does not exist", "docs/configuration/README.md", "--config", "PUSHBOAT_CONFIG"):
        assert advice in raised.value.summary


def test_a_file_on_disk_is_read_with_its_folder(folder: Path) -> None:
    """Relative paths start from the file's folder, wherever the process was started."""
    (folder / "pushboat.yaml").write_text(WHOLE)
    assert operator.load(folder / "pushboat.yaml", ENVIRON) == parse(WHOLE, folder)
    with pytest.raises(ConfigurationError, match="is a folder"):
        operator.load(folder, ENVIRON)
