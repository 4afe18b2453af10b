"""`status` and `history` at the terminal: holds are seen, and a state stands in its own column only."""

import json

from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.model.times import clock
from pushboat.store import holds
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.cli.what_happened import SHOP, deployed, push, queued

STAGING = Scope(repository=SHOP, environment="staging")


def test_a_pause_is_seen_where_nothing_waits(pushboat: Pushboat, store: Store) -> None:
    """Before the first push and after a good one, `status` says who paused staging, and the command that ends it."""
    hold = holds.put(store, Hold(kind="pause", scope=STAGING, by="ann", reason="we migrate")).hold
    ends = f"ended by the operator, at the terminal, with pushboat resume {SHOP} staging"
    said = f"paused by ann since {clock(hold.since)}: we migrate ({ends})"
    assert f"{said}; nothing was deployed here yet" in pushboat("status").stdout
    (item,) = json.loads(pushboat("status", "--json").stdout)["items"]
    assert [each["by"] for each in item["holds"]] == ["ann"]
    holds.lift(store, "pause", STAGING)
    deployed(store, push(store, "1"), "fine")
    holds.put(store, Hold(kind="pause", scope=STAGING, by="ann"))
    (line,) = [line for line in pushboat("status").stdout.splitlines() if "staging" in line]
    assert "succeeded" in line
    assert line.endswith(f"with pushboat resume {SHOP} staging); fine")


def test_a_state_is_said_once(pushboat: Pushboat, store: Store) -> None:
    """Beside "superseded" and "cancelled" the reason says by whom, without the word again; so does `show`."""
    older = queued(store, push(store, "1"))
    deployed(store, push(store, "2", "f" * 40), "cancelled by wendy; what was applied before stays", State.CANCELLED)
    lines = pushboat("history").stdout.splitlines()
    (superseded,) = [line for line in lines if line.startswith(f"{older} ")]
    assert superseded.count("superseded") == 1
    (cancelled,) = [line for line in lines if "wendy" in line]
    assert cancelled.endswith("by wendy; what was applied before stays")
    assert cancelled.count("cancelled") == 1
    (status,) = [line for line in pushboat("status").stdout.splitlines() if "wendy" in line]
    assert status.count("cancelled") == 1
    shown = pushboat("show", str(older + 1)).stdout.splitlines()
    assert shown[1] == "by wendy; what was applied before stays"
