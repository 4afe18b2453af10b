"""`pushboat rollback` says what would change before it asks for it; `history` knows which release runs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State
from pushboat.store import deliveries, ending
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from tests.cli.conftest import Pushboat
from tests.store.repository import NAME, Repository


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """Two releases of staging: the second changed a, made b and lost c."""
    (home / "var").mkdir()
    opened = open_store("", home / "var")
    migrations.upgrade(opened)
    shop = Repository(opened)
    for sha, contents in (("1" * 40, {"a": "1", "c": "1"}), ("2" * 40, {"a": "2", "b": "1"})):
        refs = {Ref("", "ConfigMap", "shop", name): digest for name, digest in contents.items()}
        ending.finish(
            opened, shop.claim(shop.push(sha)), State.SUCCEEDED, "fine", render=Render(contents=refs, packed=b"x")
        )
    yield opened
    opened.close()


def test_what_would_change_is_said_first_and_that_release_is_asked_for(pushboat: Pushboat, store: Store) -> None:
    """A script is not asked; what I was shown is what is carried out, whatever is deployed meanwhile."""
    finished = pushboat("rollback", NAME, "staging", "--no-wait", "--until-next-push")
    assert finished.returncode == 0, finished.stderr
    lines = finished.stderr.splitlines()
    assert lines[0] == (
        "staging goes back to release 1 (1111111): 1 to create, 1 to change, 1 to delete, against release 2 (2222222)"
    )
    assert [line.split() for line in lines[1:4]] == [
        ["configured", "ConfigMap/shop/a"],
        ["deleted", "ConfigMap/shop/b"],
        ["created", "ConfigMap/shop/c"],
    ]
    ((ask, _),) = deliveries.listed(store)[0].answered
    assert (ask.word, dict(ask.arguments)) == ("rollback", {"release": "1", "until_next_push": "yes"})


def test_a_number_that_is_not_there_is_left_to_the_one_who_answers(pushboat: Pushboat, store: Store) -> None:
    """The refusal is in the audit like any other."""
    assert pushboat("rollback", NAME, "staging", "7", "--no-wait").returncode == 0
    ((ask, _),) = deliveries.listed(store)[0].answered
    assert ask.arguments["release"] == "7"


def test_history_and_show_know_the_releases(pushboat: Pushboat, store: Store) -> None:
    """I see which number to go back to, and which one runs."""
    table = pushboat("history", NAME, "staging").stdout.splitlines()
    assert [("runs" in line) for line in table[1:]] == [True, False]
    items = json.loads(pushboat("history", NAME, "--json").stdout)["items"]
    assert [(row["release"], row["rolled_back_to"], row["runs"]) for row in items] == [
        (2, None, True),
        (1, None, False),
    ]
    assert "release     2" in pushboat("show", str(items[0]["id"])).stdout
