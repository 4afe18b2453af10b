"""On a machine that has an address and a token and nothing else, I deploy, look, and go back."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests import forked
from tests.stories.conftest import Shop
from tests.written import config_map

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
