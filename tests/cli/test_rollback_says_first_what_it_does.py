"""`pushboat rollback` says what would change before it asks for it; `history` knows which release runs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.config.environment import Environment
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.state import State
from pushboat.sealing import Key
from pushboat.store import deliveries, ending
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from tests.cli.conftest import Pushboat
from tests.store.repository import NAME, Repository
from workers.deploying.packing import pack

ENVIRONMENT = Environment(
    name="staging", cluster="dev", namespaces=("shop-staging",), namespace="shop-staging", path="deploy"
)


def settings(name: str, value: str) -> Manifest:
    """Write a ConfigMap as it was rendered."""
    metadata = {"name": name, "namespace": "shop-staging"}
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"value": value}}
    return Manifest(ref=Ref("", "ConfigMap", "shop-staging", name), version="v1", body=body, file="a.yaml", line=1)


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """Two releases of staging: the second changed a, made b and lost c."""
    (home / "var").mkdir()
    opened = open_store("", home / "var")
    migrations.upgrade(opened)
    shop = Repository(opened)
    for sha, contents in (("1" * 40, {"a": "1", "c": "1"}), ("2" * 40, {"a": "2", "b": "1"})):
        manifests = [settings(name, value) for name, value in contents.items()]
        render = pack(manifests, ENVIRONMENT, Key("a key of some length"))
        ending.finish(opened, shop.claim(shop.push(sha)), State.SUCCEEDED, "fine", render=render)
    yield opened
    opened.close()


def test_what_would_change_is_said_first_and_that_release_is_asked_for(pushboat: Pushboat, store: Store) -> None:
    """A script is not asked; what I was shown is what is carried out, whatever is deployed meanwhile."""
    finished = pushboat("rollback", NAME, "staging", "--no-wait", "--until-next-push")
    assert finished.returncode == 0, finished.stderr
    lines = finished.stderr.splitlines()
    assert lines[0].startswith("the cluster could not be asked (")
    assert lines[0].endswith("), so stored releases are compared")
    assert lines[1] == (
        "staging goes back to release 1 (1111111): 1 to create, 1 to change, 1 to delete, against release 2 (2222222)"
    )
    assert [line.split() for line in lines[2:5]] == [
        ["configured", "ConfigMap/shop-staging/a"],
        ["deleted", "ConfigMap/shop-staging/b"],
        ["created", "ConfigMap/shop-staging/c"],
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
