"""`pushboat status` and `history`: what runs, and what was deployed before."""

import json
from pathlib import Path

import pytest

from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.model.times import clock
from pushboat.store import holds
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.cli.what_happened import SHOP, deployed, push, queued
from tests.store.repository import time_passes


def test_status_shows_every_environment(pushboat: Pushboat, store: Store) -> None:
    """What the operator's file names is shown, whether something was deployed there or not."""
    finished = pushboat("status")
    assert finished.returncode == 0, finished.stderr
    assert "nothing was deployed here yet" in finished.stdout
    deployed(store, push(store, "1"), "3 objects: 3 created; healthy in 2 s")
    time_passes(store, 5400)
    finished = pushboat("status")
    assert f"repository: {SHOP}" in finished.stderr
    line = next(line for line in finished.stdout.splitlines() if "staging" in line)
    assert all(word in line for word in ("staging", "✔ succeeded", "1a2b3c4", "1 h ago", "healthy in 2 s"))


def test_status_shows_what_a_pattern_has_made(pushboat: Pushboat, store: Store, home: Path) -> None:
    """Until something is deployed there is nothing to list; then it is listed by its own name."""
    file = home / "pushboat.yaml"
    file.write_text(file.read_text().replace("staging: {", '"{name}ing": {').replace("shop-staging", '"shop-{name}"'))
    for words in (("status",), ("status", SHOP)):
        finished = pushboat(*words)
        assert (finished.returncode, finished.stdout) == (0, ""), finished.stderr
        assert "there is no environment yet: add one to pushboat.yaml, or push what a pattern there" in finished.stderr
    queued(store, push(store, "1"))
    assert "staging" in pushboat("status", SHOP).stdout
    assert pushboat("status", "github/acme/other").returncode == 2


def test_status_says_that_an_unmerged_commit_runs(pushboat: Pushboat, store: Store) -> None:
    """Staging runs #7 before its merge: whoever looks reads it, also a script."""
    deployed(store, push(store, "1"), "healthy", pull_request=7)
    line = next(line for line in pushboat("status").stdout.splitlines() if "staging" in line)
    assert "runs an unmerged commit, 1a2b3c4 of #7, since " in line
    items = json.loads(pushboat("status", "--json").stdout)["items"]
    assert [each["unmerged"]["pull_request"] for each in items if each["unmerged"]] == [7]


def test_status_says_what_a_queued_one_waits_for(pushboat: Pushboat, store: Store) -> None:
    """Ann paused staging: the terminal says so, and so does the JSON."""
    scope = Scope(repository=SHOP, environment="staging")
    hold = holds.put(store, Hold(kind="pause", scope=scope, by="ann")).hold
    queued(store, push(store, "1"))
    said = f"paused by ann since {clock(hold.since)}"
    assert said in " ".join(pushboat("status").stdout.split())
    assert json.loads(pushboat("status", "--json").stdout)["items"][0]["latest"]["waits"] == said


def test_status_for_programs(pushboat: Pushboat, store: Store) -> None:
    """--json has the deployment in the form of the HTTP API: the latest, and the one that runs."""
    good = deployed(store, push(store, "1"), "fine")
    bad = deployed(store, push(store, "2", "f" * 40), "web crashes", State.FAILED)
    (item,) = json.loads(pushboat("status", "--json").stdout)["items"]
    assert (item["repository"], item["environment"]) == (SHOP, "staging")
    assert (item["latest"]["id"], item["latest"]["state"]) == (bad, "failed")
    assert (item["running"]["id"], item["running"]["objects"]["created"]) == (good, 3)


def test_history_is_newest_first_and_pages(pushboat: Pushboat, store: Store) -> None:
    """The list says how to get the next page; filters narrow it."""
    first = deployed(store, push(store, "1"), "fine")
    second = deployed(store, push(store, "2", "f" * 40), "web crashes", State.FAILED)
    page = pushboat("history", SHOP, "staging", "--limit", "1")
    assert "✗ failed" in page.stdout
    assert "fine" not in page.stdout
    assert f"--before {second}" in page.stderr
    rest = json.loads(pushboat("history", "--before", str(second), "--json").stdout)
    assert ([row["id"] for row in rest["items"]], rest["next"]) == ([first], None)
    assert [row["id"] for row in json.loads(pushboat("history", "--state", "failed", "--json").stdout)["items"]] == [
        second
    ]


def test_a_repository_may_be_written_in_any_letters(pushboat: Pushboat, store: Store) -> None:
    """GitHub shows Acme/Shop, the operator wrote acme/shop: every command that takes a name takes both."""
    number = deployed(store, push(store, "1"), "fine")
    for words in (("status",), ("history",), ("deliveries", "list", "--repository")):
        items = json.loads(pushboat(*words, "github/Acme/SHOP", "--json").stdout)["items"]
        assert len(items) == 1, words
    (item,) = json.loads(pushboat("history", "github/Acme/Shop", "staging", "--json").stdout)["items"]
    assert (item["id"], item["repository"]) == (number, SHOP)


def test_an_empty_history_says_where_to_look(pushboat: Pushboat, store: Store) -> None:
    """Nothing on stdout, a hint on stderr, exit code 0."""
    finished = pushboat("history")
    assert (finished.returncode, finished.stdout) == (0, "")
    assert "nothing was deployed yet" in finished.stderr
    assert "pushboat deliveries list" in finished.stderr
    assert "no delivery yet" in pushboat("deliveries", "list").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("github/acme/shpo",), "there is no repository github/acme/shpo; did you mean 'github/acme/shop'?"),
        (("shop",), "there is no repository shop; did you mean 'github/acme/shop'?"),
        ((SHOP, "prod"), "there is no environment prod of github/acme/shop; known: staging"),
        (("--state", "done"), "queued"),
    ],
)
def test_a_history_of_what_does_not_exist_is_usage(
    pushboat: Pushboat, store: Store, words: tuple[str, ...], said: str
) -> None:
    """A typo must not look like an empty history: exit code 2, and the names there are."""
    finished = pushboat("history", *words)
    assert finished.returncode == 2
    assert said in finished.stderr
