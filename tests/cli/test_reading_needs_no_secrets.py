"""Whoever only looks needs the store, not the forges' secrets; whoever acts needs all of them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.state import State
from pushboat.store.database.engine import Store
from tests.cli.conftest import OPERATOR, Pushboat
from tests.cli.what_happened import SHA, deployed, push
from tests.fresh_store import fresh_store

READING = ["status", "history", "deliveries list", "deliveries show 1", "show 1"]


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of the operator's file with one deployment in it."""
    (home / "var").mkdir()
    opened = fresh_store(home / "var")
    deployed(opened, push(opened, "1"), "3 objects: 3 created; healthy in 2 s")
    yield opened
    opened.close()


@pytest.fixture
def pushboat(pushboat: Pushboat, environ: dict[str, str]) -> Pushboat:
    """The command in a shell that has no secret."""
    del environ["HOOK_SECRET"], environ["TOKEN"]
    return pushboat


@pytest.mark.parametrize("line", READING)
def test_reading_works_without_the_forges_secrets(pushboat: Pushboat, store: Store, line: str) -> None:
    """The secrets are in the service's environment, the person is in a shell."""
    finished = pushboat(*line.split())
    assert finished.returncode == 0, finished.stderr
    assert "staging" in finished.stdout


@pytest.mark.parametrize("line", READING)
def test_secrets_in_files_that_are_not_there_are_not_needed(
    pushboat: Pushboat, store: Store, home: Path, line: str
) -> None:
    """Files that only the service's user may read count like variables that only it has."""
    written = OPERATOR.replace("{env: HOOK_SECRET}", "{file: ./not-there}").replace(
        "{env: TOKEN}", "{file: ./nor-this}"
    )
    (home / "pushboat.yaml").write_text(written)
    finished = pushboat(*line.split())
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("line", ["serve", "deliveries replay 1", "hook doctor"])
def test_what_acts_names_the_missing_secret(pushboat: Pushboat, store: Store, line: str) -> None:
    """Exit code 2 and the variable's name, before anything is done."""
    finished = pushboat(*line.split())
    assert finished.returncode == 2
    assert "HOOK_SECRET" in finished.stderr


def test_the_stores_own_address_is_still_needed(pushboat: Pushboat, home: Path) -> None:
    """Nobody is shown an empty store because the real one's address was missing."""
    for source in ("{env: STORE_URL}", "{file: ./store-url}"):
        (home / "pushboat.yaml").write_text(f"{OPERATOR}store: {source}\n")
        finished = pushboat("status")
        assert finished.returncode == 2, finished.stdout
        assert "STORE_URL" in finished.stderr or "store-url" in finished.stderr


def test_a_mistake_in_the_file_is_still_named(pushboat: Pushboat, home: Path) -> None:
    """Only secrets may be missing."""
    (home / "pushboat.yaml").write_text(f"{OPERATOR}colour: red\n")
    finished = pushboat("history")
    assert finished.returncode == 2
    assert "colour" in finished.stderr


def test_one_deployment_is_shown_whole(pushboat: Pushboat, store: Store) -> None:
    """What came of it, why, who must act, its page, and the command that tries again."""
    bad = deployed(store, push(store, "2", "f" * 40), "web-7f9 OOMKilled", State.FAILED)
    printed = pushboat("show", str(bad)).stdout
    assert printed.splitlines()[0] == "✗ failed: fffffff could not be deployed to staging"
    for words in (
        "web-7f9 OOMKilled",
        "The commit must change",
        f"http://127.0.0.1:8799/deployments/{bad}",
        "runs now    1a2b3c4 (pushboat show 1)",
        "pushboat deliveries replay 2",
    ):
        assert words in printed
    form = json.loads(pushboat("show", "1", "--json").stdout)
    assert (form["id"], form["sha"], form["state"], form["changes"]) == (1, SHA, "succeeded", [])


def test_a_deployment_that_is_not_there_is_a_no(pushboat: Pushboat, store: Store) -> None:
    """Exit code 1, and how to find one."""
    finished = pushboat("show", "99")
    assert finished.returncode == 1
    assert "there is no deployment 99" in finished.stderr
