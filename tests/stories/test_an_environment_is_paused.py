"""Somebody pauses an environment: pushes wait and say why, and the newest goes when it is resumed."""

from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map

Ask = Callable[..., CompletedProcess[str]]


@pytest.fixture
def ask(any_shop: Shop, environ: dict[str, str]) -> Ask:
    """The command, about the staging of the shop."""

    def run(word: str, *more: str) -> CompletedProcess[str]:
        return any_shop.served.command(word, any_shop.repository, "staging", *more, env=environ)

    return run


def waiting(shop: Shop, sha: str) -> str:
    """Wait until a commit's deployment is queued; give what it waits for."""

    def waits() -> str:
        rows = [row for row in shop.served.deployments(shop.repository) if row["sha"] == sha]
        return str(rows[0]["waits"]) if rows and rows[0]["state"] == "queued" else ""

    return until(waits, what=f"{sha[:7]} to wait")


@pytest.mark.proves("suspend")
def test_pushes_wait_and_only_the_newest_is_deployed(any_shop: Shop, ask: Ask) -> None:
    """Status, page and terminal say who paused it and why; resuming deploys the last of my two commits at once."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a", version="one")}))
    paused = ask("pause", "--reason", "we migrate")
    assert paused.returncode == 0, paused.stderr
    assert "until somebody resumes it" in paused.stderr

    older = any_shop.push({"deploy/a.yaml": config_map("a", version="two")})
    held = waiting(any_shop, older)
    assert held.startswith("paused by ")
    assert " on the command line since 20" in held
    assert held.endswith(" UTC: we migrate")
    assert any_shop.status(older, "pending") == held
    assert held in any_shop.served.page("/")
    listed = ask("history").stdout
    assert "we migrate" in " ".join(listed.split())

    newer = any_shop.push({"deploy/a.yaml": config_map("a", version="three")})
    waiting(any_shop, newer)
    assert any_shop.cluster.config_map(any_shop.namespace, "a")["data"] == {"version": "one"}
    resumed = ask("resume")
    assert resumed.returncode == 0, resumed.stderr
    assert f"{newer[:7]} is next" in resumed.stderr
    assert any_shop.ended(newer, within=120)["state"] == "succeeded"
    assert any_shop.ended(older)["state"] == "superseded"
    assert any_shop.cluster.config_map(any_shop.namespace, "a")["data"] == {"version": "three"}


def test_pausing_twice_and_resuming_nothing(any_shop: Shop, ask: Ask) -> None:
    """The second pause says that there was one; of two resumes the second is a no."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a")}))
    assert ask("pause", "--reason", "lunch").returncode == 0
    again = ask("pause", "--reason", "dinner")
    assert again.returncode == 0
    assert "(it was paused by " in again.stderr
    assert "UTC: lunch)" in again.stderr
    assert ask("resume").returncode == 0
    nothing = ask("resume")
    assert nothing.returncode == 1
    assert "staging is not paused, so there is nothing to resume." in nothing.stderr


@pytest.mark.proves("suspend")
def test_a_pause_ends_by_itself(any_shop: Shop, ask: Ask) -> None:
    """Nobody has to remember: after its time the commit that waited is deployed."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a")}))
    assert ask("pause", "--for", "soon").returncode == 2
    assert ask("pause", "--for", "15s").returncode == 0
    pushed = any_shop.push({"deploy/a.yaml": config_map("a", version="two")})
    assert ", until 20" in waiting(any_shop, pushed)
    assert any_shop.ended(pushed, within=120)["state"] == "succeeded"
