"""On a machine that has an address and a token and nothing else, I deploy, look, and go back."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests import forked
from tests.stories.conftest import Shop
from tests.written import config_map, deployment

MERGE = "application/merge-patch+json"
Remote = Callable[..., CompletedProcess[str]]


@pytest.fixture
def remote(any_shop: Shop, environ: dict[str, str], tmp_path: Path) -> Remote:
    """A command on another machine; its token may ask, of the shop's repository alone."""
    words = ("token", "create", f"afar-{tmp_path.name}", "--repository", any_shop.repository, "--role", "deployer")
    made = any_shop.served.command(*words, env=environ)
    assert made.returncode == 0, made.stderr
    (tmp_path / "token").write_text(made.stdout)
    bare = {name: value for name, value in environ.items() if not name.startswith("PUSHBOAT")}
    there = {"PUSHBOAT_URL": any_shop.served.url, "PUSHBOAT_TOKEN_FILE": str(tmp_path / "token")}

    def run(*more: str) -> CompletedProcess[str]:
        return forked.pushboat(list(more), cwd=tmp_path, env={**bare, **there})

    return run


def test_deploy_and_rollback_end_as_at_the_servers_terminal(any_shop: Shop, remote: Remote) -> None:
    """What I ask for is done by whoever runs there, and its end is my exit code."""
    for version in ("one", "two"):
        any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a", version=version)}))

    back = remote("rollback", any_shop.repository, "staging", "--reason", "two is too slow", "--json")
    assert back.returncode == 0, back.stderr
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
    web = deployment("web", logs="one\ntwo")
    any_shop.ended(any_shop.push({"deploy/web.yaml": web, "deploy/a.yaml": config_map("a", version="one")}))
    shop = any_shop.repository
    for words in (
        ("why", "deploy/web"),
        ("why", "deploy/web", "-n", any_shop.namespace, "--json"),
        ("why", "deploy/none", "-n", any_shop.namespace),
        ("why", "deploymint/web", "-n", any_shop.namespace),
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
