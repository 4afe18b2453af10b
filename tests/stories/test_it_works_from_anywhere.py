"""On a machine that has an address and a token and nothing else, I deploy, look, and go back."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import forked
from tests.serving import ROOT
from tests.stories.conftest import Shop
from tests.written import config_map, deployment, repository_file

MERGE = "application/merge-patch+json"
KEY = "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {password: verySecret}\n"
Remote = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def afar(any_shop: Shop, environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """What another machine has: an address, and a token that may ask, of the shop's repository alone."""
    words = ("token", "create", f"afar-{tmp_path.name}", "--repository", any_shop.repository, "--role", "deployer")
    made = any_shop.served.command(*words, env=environ)
    assert made.returncode == 0, made.stderr
    (tmp_path / "token").write_text(made.stdout)
    bare = {name: value for name, value in environ.items() if not name.startswith("PUSHBOAT")}
    return {**bare, "PUSHBOAT_URL": any_shop.served.url, "PUSHBOAT_TOKEN_FILE": str(tmp_path / "token")}


@pytest.fixture
def remote(afar: dict[str, str], tmp_path: Path) -> Remote:
    """A command on that machine."""

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return forked.pushboat(list(more), cwd=tmp_path, env=afar)

    return run


def test_deploy_and_rollback_end_as_at_the_servers_terminal(any_shop: Shop, remote: Remote) -> None:
    """What I ask for is done by whoever runs there, and its end is my exit code."""
    for version in ("one", "two"):
        any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a", version=version)}))

    back = remote("rollback", any_shop.repository, "staging", "--reason", "two is too slow", "--json")
    assert back.returncode == 0, back.stderr
    first, second, *_ = back.stderr.splitlines()
    assert "staging goes back to release 1 (" in first
    assert first.endswith("0 to create, 1 to change, 0 to delete, as the cluster stands now")
    assert second == f"  configured ConfigMap/{any_shop.namespace}/a"
    assert (json.loads(back.stdout)["trigger"], "pinning it there" in back.stderr) == ("rollback", True)
    assert any_shop.cluster.config_map(any_shop.namespace, "a")["data"] == {"version": "one"}

    forward = remote("deploy", any_shop.repository, "staging")
    assert forward.returncode == 0, forward.stderr
    assert "succeeded: 1 object" in forward.stderr
    assert any_shop.cluster.config_map(any_shop.namespace, "a")["data"] == {"version": "two"}

    nothing = remote("cancel", any_shop.repository, "staging")
    assert nothing.returncode == 1, nothing.stderr
    wrong = remote("deploy", any_shop.repository, "stagging")
    assert (wrong.returncode, "did you mean 'staging'?" in wrong.stderr) == (1, True)


def test_clusters_are_asked_from_anywhere(any_shop: Shop, remote: Remote, environ: dict[str, str]) -> None:
    """Why, logs and drift say what the server's own terminal says: data, talk, JSON and exit code."""
    name = f"web-{any_shop.namespace}"  # at the server's terminal all environments are looked through
    web = deployment(name, logs="one\ntwo")
    any_shop.ended(any_shop.push({"deploy/web.yaml": web, "deploy/a.yaml": config_map("a", version="one")}))
    shop = any_shop.repository
    for words in (
        ("why", f"deploy/{name}"),
        ("why", f"deploy/{name}", "-n", any_shop.namespace, "--json"),
        ("why", "deploy/none", "-n", any_shop.namespace),
        ("why", f"deploymint/{name}", "-n", any_shop.namespace),
        ("logs", shop, "staging", "--no-follow"),
        ("logs", shop, "staging", "--no-follow", "--container", "none"),
        ("drift", shop, "staging"),
        ("drift", shop, "staging", "--json"),
    ):
        here, there = any_shop.served.command(*words, env=environ), remote(*words)
        assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr), words
    assert remote("logs", shop, "staging", "--no-follow").stdout == "one\ntwo\n"

    path = f"/api/v1/namespaces/{any_shop.namespace}/configmaps/a?fieldManager=kubectl-edit"
    any_shop.cluster.request("PATCH", path, {"data": {"version": "by hand"}}, MERGE)
    drifted = remote("drift", shop, "staging")
    assert drifted.returncode == 1, drifted.stderr
    assert "data.version" in drifted.stdout
    assert "1 object not as in release" in drifted.stderr

    for words, says in (
        (("why", "namespace/kube-system"), "sees those of its environments alone"),
        (("why", "configmap/x", "-n", "kube-system"), "no namespace kube-system that this token may see"),
        (("logs", shop, "stagging"), "did you mean 'staging'?"),
        (("drift", "github/acme/other", "staging"), "that this token may see"),
    ):
        refused = remote(*words)
        assert (refused.returncode, says in refused.stderr) == (2, True), refused.stderr


def test_a_commit_is_planned_before_it_is_deployed(
    any_shop: Shop, remote: Remote, environ: dict[str, str], tmp_path: Path
) -> None:
    """The head, or the commit or tag that I name, here and from elsewhere alike; nothing is written, and it is true."""
    first = any_shop.push({"deploy/a.yaml": config_map("a", version="one"), "deploy/b.yaml": config_map("b")})
    any_shop.ended(first)
    held = any_shop.served.command("pause", any_shop.repository, "staging", env=environ)
    assert held.returncode == 0, held.stderr
    head = any_shop.push({"deploy/a.yaml": config_map("a", version="two"), "deploy/b.yaml": None, "deploy/c.yaml": KEY})
    refused = any_shop.push({"deploy/a.yaml": config_map("a").replace("data", "dota")}, branch="wrong")
    shop = any_shop.repository
    for words, code, says in (
        ((shop, "staging"), 0, "✔ 1 to create, 1 to change, 1 to delete"),
        ((shop, "staging", "--json"), 0, ""),
        ((shop, "staging", "--sha", first), 0, "✔ 0 to create, 0 to change, 0 to delete"),
        ((shop, "staging", "--sha", refused), 1, f"deploying {refused[:7]} would be refused; nothing was written"),
        ((shop, "staging", "--sha", refused, "--json"), 1, ""),
        ((shop, "staging", "--sha", "f" * 40), 1, ""),
        ((shop, "staging", "--sha", "no-such-tag"), 1, "is no commit and no tag"),
    ):
        here, there = any_shop.served.command("plan", *words, env=environ), remote("plan", *words)
        assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr), words
        assert (here.returncode, says in here.stderr) == (code, True), here.stderr
        assert "verySecret" not in here.stdout + here.stderr
    form = json.loads(remote("plan", shop, "staging", "--json").stdout)
    assert (form["sha"], form["verdict"]) == (head, "accepted")
    assert {each["name"]: each["action"] for each in form["changes"]} == {
        "a": "configured",
        "b": "deleted",
        "key": "created",
    }
    assert any_shop.cluster.config_map(any_shop.namespace, "a")["data"] == {"version": "one"}
    refused_there = remote("plan", shop, "stagging")
    assert (refused_there.returncode, "did you mean 'staging'?" in refused_there.stderr) == (2, True)


def test_a_work_tree_is_planned_from_anywhere(
    any_shop: Shop, remote: Remote, environ: dict[str, str], tmp_path: Path
) -> None:
    """What I have not committed is planned there with the server's rights, and said as its own terminal says it."""
    files = {
        ".pushboat.yaml": repository_file(),
        "deploy/kustomization.yaml": "resources: [../base, key.yaml]\n",
        "base/kustomization.yaml": "resources: [a.yaml]\n",
        "base/a.yaml": config_map("a", version="one"),
        "deploy/key.yaml": KEY,
        "src/secret-source.py": "print()\n" * 100,
    }
    any_shop.ended(any_shop.push(files))
    tree = tmp_path / "tree"
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    for file, text in {**files, "base/a.yaml": config_map("a", version="mine")}.items():
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        (tree / file).write_text(text)
    asked = ("plan", any_shop.repository, "staging", "--here", "--checkout", str(tree))

    def alike(*more: str) -> subprocess.CompletedProcess[str]:
        here, there = any_shop.served.command(*asked, *more, env=environ), remote(*asked, *more)
        assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr)
        assert "verySecret" not in there.stdout + there.stderr
        return there

    before = any_shop.served.deployments(any_shop.repository)
    assert "data.version" in alike().stdout
    assert json.loads(alike("--json").stdout)["verdict"] == "accepted"
    (tree / "base" / "a.yaml").write_text(config_map("a").replace("kind: ConfigMap", "kind: ConfigMop"))
    refused = alike()
    assert (refused.returncode, "a push of this would be refused" in refused.stderr) == (1, True)
    (tree / "base" / "a.yaml").unlink()
    (tree / "base" / "a.yaml").symlink_to("/etc/hostname")
    assert alike().returncode == 1
    (tree / ".pushboat.yaml").write_text("environments: {staging: {path: deploy, brnch: main}}\n")
    assert ".pushboat.yaml:1:40: unknown key 'brnch'" in alike().stderr
    assert any_shop.served.deployments(any_shop.repository) == before
    assert any_shop.cluster.config_map(any_shop.namespace, "a")["data"] == {"version": "one"}


def test_the_server_is_examined_from_anywhere(any_shop: Shop, remote: Remote) -> None:
    """The way there, my token, then what the server finds of itself, in lines like those of its own terminal."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a")}))
    examined = remote("doctor", "--json")
    assert examined.returncode in (0, 1, 3), examined.stderr
    found = {each["check"]: each for each in json.loads(examined.stdout)}
    for check in (
        "address",
        "certificate",
        "clock",
        "token",
        "version",
        "process worker",
        "process dispatcher",
        "broker",
    ):
        assert found[check]["result"] == "PASS", found[check]
    assert f"it sees {any_shop.repository}, looks, and asks for deployments" in found["token"]["sentence"]
    place = f"{any_shop.repository} staging"
    assert found[place]["result"] == "PASS", found[place]
    assert not [check for check in found if "/shop-" in check and any_shop.repository not in check]
    assert "kubeconfig" not in examined.stdout


def test_logs_are_followed_from_anywhere(any_shop: Shop, afar: dict[str, str], tmp_path: Path) -> None:
    """I leave it open: no line comes twice, and a pod that takes the other's place is followed too."""
    any_shop.ended(any_shop.push({"deploy/web.yaml": deployment("web", logs="one\ntwo")}))
    command = [sys.executable, "-m", "cli.main", "logs", any_shop.repository, "staging"]
    there = {**afar, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=there, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        try:
            assert [running.stdout.readline() for _ in range(2)] == ["one\n", "two\n"]
            pods = f"/api/v1/namespaces/{any_shop.namespace}/pods"
            first = any_shop.cluster.get(pods)["items"][0]["metadata"]["name"]
            any_shop.cluster.request("DELETE", f"{pods}/{first}")
            later = [running.stdout.readline() for _ in range(2)]
            assert [line.rstrip().rpartition("| ")[2] for line in later] == ["one", "two"]
        finally:
            running.terminate()
