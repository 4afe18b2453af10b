"""The operator's file and the forge call a repository by the same name, or the doctor says what to write."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.model.repository import Identity
from pushboat.store import looks, repositories
from pushboat.store.database.engine import open_store
from tests.cli.conftest import Pushboat
from tests.fresh_store import fresh_store


def lines(pushboat: Pushboat) -> list[dict[str, str]]:
    """Give the doctor's lines about the name of github/acme/shop."""
    found = json.loads(pushboat("doctor", "--json").stdout)
    return [line for line in found if line["check"] == "github/acme/shop name"]


@pytest.fixture
def came(home: Path) -> Identity:
    """A store into which acme/shop has sent deliveries."""
    return remember(home, Identity(name="github/acme/shop", forge="github", id="5", path="acme/shop"))


def remember(home: Path, identity: Identity) -> Identity:
    """Let a delivery have come, the first one or another."""
    state = home / "var"
    store = open_store("", state) if state.exists() else fresh_store(state)
    repositories.keep(store, identity)
    store.close()
    return identity


def test_the_same_name_is_fine(pushboat: Pushboat, came: Identity) -> None:
    """Both say acme/shop."""
    assert came
    assert [line["result"] for line in lines(pushboat)] == ["PASS"]


@pytest.mark.parametrize(("path", "result"), [("Acme/Shop", "WARN"), ("acme/store", "FAIL")])
def test_another_name_is_a_finding(pushboat: Pushboat, home: Path, path: str, result: str) -> None:
    """The forge writes it in other letters, or has renamed it; the fix is the line to write."""
    remember(home, Identity(name="github/acme/shop", forge="github", id="5", path=path))
    found = lines(pushboat)
    assert [line["result"] for line in found] == [result]
    assert f"github/{path}" in found[0]["fix"]


@pytest.mark.parametrize(
    ("covered", "log_trouble", "said", "fix"),
    [
        ("branches refs/tags/v*", "", "found of these only: all branches and refs/tags/v*", "delete branches and tags"),
        ("branches tags", "github answered 404", "comments that were lost are not", "the scope admin:repo_hook"),
        ("branches tags", "", "every few minutes", ""),
    ],
)
def test_what_would_be_missed_is_a_finding(
    pushboat: Pushboat, home: Path, came: Identity, covered: str, log_trouble: str, said: str, fix: str
) -> None:
    """Too many refs, or a log that we may not read: the doctor says what goes unseen, and how to mend it."""
    store = open_store("", home / "var")
    looks.schedule(store, [came.name])
    assert looks.claim(store, came.name, "worker")
    looks.log_read(store, came.name, "worker", 60, log_trouble)
    looks.looked(store, came.name, "worker", covered, 60)
    store.close()
    (line,) = [one for one in json.loads(pushboat("doctor", "--json").stdout) if one["check"] == f"{came.name} heads"]
    assert line["result"] == ("WARN" if fix else "PASS")
    assert said in line["sentence"]
    assert fix in line.get("fix", "")


def test_another_repository_of_this_name_can_be_accepted(pushboat: Pushboat, home: Path, came: Identity) -> None:
    """Somebody else has the name now: the doctor says so and how to accept it, and then it is the one that is meant."""
    remember(home, Identity(name=came.name, forge=came.forge, id=came.id, path=came.path, rival="6"))
    refused = lines(pushboat)[-1]
    assert refused["result"] == "FAIL"
    command = refused["fix"].partition("  #")[0].split()
    assert command == ["pushboat", "repository", "accept", "github/acme/shop", "6"]
    assert pushboat(*command[1:]).returncode == 0
    assert [line["result"] for line in lines(pushboat)] == ["PASS"]


def test_a_name_from_which_nothing_came_cannot_be_accepted(pushboat: Pushboat, came: Identity) -> None:
    """A slip in the name is said instead of being remembered."""
    assert came
    done = pushboat("repository", "accept", "github/acme/shopp", "6")
    assert done.returncode == 1
    assert "nothing has come from github/acme/shopp yet" in done.stderr


def test_a_list_of_deployments_that_may_not_be_written_is_a_finding(pushboat: Pushboat, home: Path) -> None:
    """Nothing is red for it, so this is where the operator reads what the token lacks, or how to switch it off."""
    state = home / "var"
    store = fresh_store(state)
    with store.writing() as tx:
        values = "('github', 'acme/shop', 'deployment', 1, 'not allowed', 'github answered 403')"
        columns = "(forge, repository, kind, sent_at, outcome, error)"
        tx.change(sa.text(f"INSERT INTO outbox {columns} VALUES {values}"))
    store.close()
    found = json.loads(pushboat("doctor", "--json").stdout)
    (line,) = [line for line in found if line["check"] == "github/acme/shop deployments"]
    assert (line["result"], "github answered 403" in line["sentence"]) == ("WARN", True)
    assert "Deployments: write" in line["fix"]
    assert "forge_deployments: false" in line["fix"]
