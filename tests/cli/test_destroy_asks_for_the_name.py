"""`pushboat destroy` is never misunderstood: without the right name nothing is asked for, and no place is guessed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pushboat.model.deployment import Counts
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State
from pushboat.store import deliveries, ending, leaving
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from tests.cli.conftest import Pushboat
from tests.store.repository import NAME, Repository, deploy

PLACE = {"cluster": "far", "namespaces": ["shop-old"], "create_namespaces": True}


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """Staging has a release, and so has `old`, which the operator's file names no more."""
    (home / "var").mkdir()
    opened = open_store("", home / "var")
    migrations.upgrade(opened)
    shop = Repository(opened)
    for name, place in (("staging", {"cluster": "dev", "namespaces": ["shop-staging"]}), ("old", PLACE)):
        (made,) = shop.route(deploy("1" * 40, name))
        contents = {Ref("", "ConfigMap", "shop", "a"): "1"}
        kept = Render(contents=contents, packed=b"x", place=json.dumps(place))
        counts = Counts(created=1)
        ending.finish(opened, shop.claim(made), State.SUCCEEDED, "fine", render=kept, counts=counts)
    yield opened
    opened.close()


def test_a_script_says_the_name(pushboat: Pushboat, store: Store) -> None:
    """Nothing is asked for without the right name; with it the ask is stored, with who and why."""
    before = len(deliveries.listed(store))
    nobody = pushboat("destroy", NAME, "staging")
    wrong = pushboat("destroy", NAME, "staging", "--yes", "production")
    assert (nobody.returncode, wrong.returncode) == (2, 2)
    assert "nobody is here to ask: say --yes staging" in nobody.stderr
    assert "--yes production is not the name of this environment, staging" in wrong.stderr
    assert len(deliveries.listed(store)) == before
    right = pushboat("destroy", NAME, "staging", "--yes", "staging", "--reason", "over", "--skip-hooks", "--no-wait")
    assert right.returncode == 0, right.stderr
    ((ask, _),) = deliveries.listed(store)[0].answered
    assert (ask.word, dict(ask.arguments)) == ("destroy", {"reason": "over", "skip_hooks": "yes"})


def test_what_left_the_operators_file_is_said_with_the_lines_to_put_back(pushboat: Pushboat, store: Store) -> None:
    """Nobody guesses where it lies: I get the lines, as they were at its newest release."""
    refused = pushboat("destroy", NAME, "old", "--yes", "old")
    assert refused.returncode == 2
    assert f"pushboat.yaml does not say any more where old of {NAME} lies" in refused.stderr
    lines = yaml.safe_load(refused.stderr.split("\n\n")[-2])
    assert lines == {"projects": [{"repository": NAME, "environments": {"old": PLACE}}]}
    assert "and cluster far under clusters" in refused.stderr


def test_what_left_the_operators_file_is_named(pushboat: Pushboat, store: Store) -> None:
    """`status` and the doctor say that it still runs, and what to do."""
    said = "is not in pushboat.yaml any more, its object still runs"
    shown = " ".join(pushboat("status").stdout.split())
    assert f"{said}: put it back, then pushboat destroy {NAME} old, where nobody needs it" in shown
    (row,) = [one for one in json.loads(pushboat("status", "--json").stdout)["items"] if one["environment"] == "old"]
    assert row["left_behind"].startswith(said)
    checked = pushboat("doctor").stdout
    assert f"environment old of {NAME}: {said}" in checked
    assert f"environment staging of {NAME}" not in checked


def test_an_earlier_name_is_not_left_behind(home: Path, pushboat: Pushboat, store: Store) -> None:
    """What `formerly` names goes on under its new name, also where it had left the repository's file before."""
    with store.writing() as tx:
        leaving.leave(tx, NAME, "old", "2" * 40)
    file = home / "pushboat.yaml"
    text = file.read_text().replace("namespaces: [shop-staging]}", "namespaces: [shop-staging], formerly: [old]}")
    file.write_text(text)
    shown = " ".join(pushboat("status").stdout.split())
    assert "not in pushboat.yaml any more" not in shown
    assert "left .pushboat.yaml" not in shown, "nobody is told to destroy what runs under its new name"
