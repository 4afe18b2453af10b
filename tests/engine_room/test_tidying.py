"""The dispatcher tidies the store and workers their git caches, and neither ever stops the work."""

import threading
from pathlib import Path

import pytest

from pushboat.config.retention import Retention
from pushboat.errors import StoreUnavailable
from pushboat.sealing import Key
from pushboat.store import deliveries
from pushboat.store.database.engine import Store
from tests.store.repository import push, time_passes
from tests.until import until
from workers.tidying import tidy_store, tidying

KEY = Key("a key of thirty-two characters …")
RETENTION = Retention(deliveries=3600.0)


def test_a_dispatcher_that_runs_forgets_what_deliveries_said(store: Store) -> None:
    """I never think of it, and what came in long ago is gone while Pushboat runs."""
    number = deliveries.accept(store, "github", "old", push("a" * 40), ignored="nobody follows it").id
    time_passes(store, 4000.0)
    with tidying(lambda told: tidy_store(store, KEY, RETENTION, told), first_after=0.0):
        until(lambda: _is_forgotten(store, number), what="the delivery to be forgotten")


def _is_forgotten(store: Store, number: int) -> bool:
    row = deliveries.find(store, number)
    return row is not None and row.forgotten


@pytest.mark.parametrize("trouble", [StoreUnavailable("locked"), ValueError("a fault of ours")])
def test_trouble_while_tidying_is_logged_and_the_next_round_tries_again(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """A store that does not answer, or a fault of ours, stops neither the process nor the tidying."""
    rounds = []

    def tidy(_told: threading.Event) -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise trouble

    with tidying(tidy, first_after=0.0, every=0.0):
        until(lambda: len(rounds) > 1, what="the second round")
    assert "retention waits" in caplog.text or "a fault of ours" in caplog.text


def test_a_process_that_ends_does_not_wait_for_the_next_round(store: Store, tmp_path: Path) -> None:
    """Stopping Pushboat takes no longer because of it."""
    with tidying(lambda told: tidy_store(store, KEY, RETENTION, told)):
        pass
    assert "tidying" not in {thread.name for thread in threading.enumerate()}
