"""Somebody is done with an environment: it goes whole, after its name was typed, and may come back later."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest
import yaml

from tests.serving import ROOT
from tests.stories.conftest import Shop
from tests.until import until
from tests.waves.conftest import job
from tests.written import config_map, deployment

Ask = Callable[..., CompletedProcess[str]]


@pytest.fixture
def ask(shop: Shop, environ: dict[str, str]) -> Ask:
    """The command, about the staging of the shop."""

    def run(word: str, *more: str) -> CompletedProcess[str]:
        return shop.served.command(word, shop.repository, "staging", *more, env=environ)

    return run


def typing(shop: Shop, environ: dict[str, str], answer: str) -> tuple[int, str]:
    """Destroy staging at a terminal; give the exit code and all that it showed."""
    ours, theirs = pty.openpty()
    words = ["--config", str(shop.served.config), "destroy", shop.repository, "staging", "--reason", "the fair is over"]
    asked = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env={**environ, "TERM": "dumb"},
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    shown = b""
    while True:
        try:
            more = os.read(ours, 4096)
        except OSError:  # the terminal's other end is closed
            break
        if not more:
            break
        shown += more
    os.close(ours)
    return asked.wait(60), shown.decode().replace("\r\n", "\n")


def test_an_environment_goes_and_comes_back(shop: Shop, ask: Ask, environ: dict[str, str]) -> None:
    """I see what goes, type its name, and nothing of it is left; a rollback or my next push brings it back."""
    hook = job("farewell", {"argocd.argoproj.io/hook": "PreDelete"})
    files = {
        "deploy/a.yaml": config_map("a", version="one"),
        "deploy/web.yaml": deployment(),
        "deploy/hook.yaml": yaml.safe_dump(hook),
    }
    first = shop.push(files)
    assert shop.ended(first)["state"] == "succeeded"
    shop.status(first, "success")

    theirs = f"/api/v1/namespaces/{shop.namespace}/configmaps"
    shop.cluster.request("POST", theirs, {"metadata": {"name": "theirs"}})
    code, shown = typing(shop, environ, "no")
    assert (code, "nothing was done" in shown) == (1, True), shown
    why = f"what is in it would go with it: ConfigMap/{shop.namespace}/theirs"
    assert f"  stays      Namespace/{shop.namespace}: {why}\n" in shown
    shop.cluster.request("DELETE", f"{theirs}/theirs")
    code, shown = typing(shop, environ, "staging")
    assert code == 0, shown
    assert f"  runs       Job/{shop.namespace}/farewell\n" in shown
    assert f"  deleted    ConfigMap/{shop.namespace}/a\n" in shown
    assert f"  deleted    Namespace/{shop.namespace}\n" in shown
    assert "destroying staging, as " in shown
    assert ": the fair is over\n" in shown
    assert "succeeded: destroyed: 3 objects deleted\n" in shown
    assert shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}") is None

    assert shop.status(first, "error") == "destroyed: 3 objects deleted", "green would say that it runs"
    assert "destroyed" in shop.served.command("status", shop.repository).stdout
    assert "it was destroyed" in shop.served.page("/")

    back = ask("rollback")
    assert back.returncode == 0, back.stderr
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "one"}

    again = ask("destroy", "--yes", "staging", "--skip-hooks", "--json")
    assert again.returncode == 0, again.stderr
    assert '"kind": "removal"' in again.stdout
    assert shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}") is None
    newer = shop.push({"deploy/a.yaml": config_map("a", version="two")})
    assert shop.ended(newer)["state"] == "succeeded", "the rollback's hold has ended with what it held"
    until(lambda: shop.cluster.config_map(shop.namespace, "a"), what="the next push to deploy anew")
