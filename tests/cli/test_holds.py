"""`pushboat holds`: everything that is held, in the order in which it ends, and one of them ended."""

import json
from pathlib import Path

from pushboat.model.hold import Hold, Scope
from pushboat.queue.bell import Bell
from pushboat.store import audit, holds
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat

SHOP = "github/acme/shop"
STAGING = Scope(repository=SHOP, environment="staging")


def test_everything_that_is_held_is_listed_with_who_ends_it_and_how(pushboat: Pushboat, store: Store) -> None:
    """A pause, a lock with its end, and one on a single deployment of what has left the file."""
    pause = holds.put(store, Hold(kind="pause", scope=STAGING, by="ann", reason="we \x1b[31m migrate")).hold
    lock = Hold(kind="lock", scope=STAGING, by="ben", subject="ben", spares="ben", until=store.now() + 600)
    locked = holds.put(store, lock).hold
    one = Scope(repository="github/acme/gone", environment="live", deployment=9)
    need = holds.put(store, Hold(kind="needs", scope=one, by="live", subject="qa", sha="1a2b3c4d")).hold
    listed = pushboat("holds")
    assert listed.returncode == 0
    lines = listed.stdout.splitlines()
    assert [line.strip() for line in lines[::3]] == [
        f"{need.id}  github/acme/gone live, deployment 9",
        f"{locked.id}  {SHOP} staging",
        f"{pause.id}  {SHOP} staging",
    ]
    assert lines[1].strip() == "waits until qa is healthy at 1a2b3c4"
    assert lines[5].strip() == f"ended by ben, or whoever may deploy there, with pushboat unlock {SHOP} staging"
    assert "\x1b" not in listed.stdout
    found = json.loads(pushboat("holds", "github/Acme/shop", "staging", "--json").stdout)
    assert [(each["id"], each["kind"], each["repository"], each["holds"]) for each in found["items"]] == [
        (locked.id, "lock", SHOP, True),
        (pause.id, "pause", SHOP, True),
    ]
    assert [each["id"] for each in json.loads(pushboat("holds", "github/acme/gone", "--json").stdout)["items"]] == [
        need.id
    ]


def test_nothing_is_held_is_said_and_what_nobody_knows_is_refused(pushboat: Pushboat, store: Store) -> None:
    """An empty list would look like an answer to a typo."""
    del store
    nothing = pushboat("holds", SHOP)
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "nothing is held" in nothing.stderr
    for words in (("acme/shup",), (SHOP, "stagin")):
        refused = pushboat("holds", *words)
        assert (refused.returncode, "there is no " in refused.stderr) == (2, True)


def test_the_operator_ends_one_and_the_dispatcher_hears_of_it(pushboat: Pushboat, store: Store, home: Path) -> None:
    """It says what it was; who did it stays in the audit; there is no second time."""
    hold = holds.put(store, Hold(kind="pause", scope=STAGING, by="ann")).hold
    with Bell(home / "var") as bell:
        ended = pushboat("holds", "--end", str(hold.id), "--yes")
        assert bell.wait(60)
    assert ended.returncode == 0, ended.stderr
    assert f"{SHOP} staging: paused by ann" in ended.stderr
    assert "nothing waited for it" in ended.stderr
    assert holds.listed(store) == []
    assert audit.listed(store, limit=1, asked=True)[0].who.endswith(" on the command line")
    again = pushboat("holds", "--end", str(hold.id), "--yes")
    assert (again.returncode, f"there is no hold {hold.id} any more" in again.stderr) == (1, True)


def test_a_freeze_is_ended_where_it_stands(pushboat: Pushboat, store: Store) -> None:
    """It would come back at once: I am told where to take it out, and how to pass it."""
    window = Hold(kind="freeze", scope=STAGING, by="pushboat.yaml", until=store.now() + 600)
    hold = holds.put(store, window).hold
    refused = pushboat("holds", "--end", str(hold.id), "--yes")
    assert refused.returncode == 1
    assert "pushboat.yaml" in refused.stderr
    assert "--break-glass" in refused.stderr
    assert holds.listed(store) == [hold]
