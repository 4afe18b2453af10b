"""Who sleeps hears at once that something may concern them."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.config.operator import ClusterAccess
from tests.until import until
from workers.cluster.client.connection import connect
from workers.cluster.waiting.watches import Watches
from workers.running.nudges import Nudges


@pytest.fixture
def watches(tmp_path: Path) -> Iterator[Watches]:
    """A wait that watches nothing, so nothing in the cluster can wake it."""
    cluster = connect(ClusterAccess(name="dev", kubeconfig=tmp_path / "none"))
    with Watches(cluster) as made:
        yield made
    cluster.close()


def test_a_nudge_ends_the_sleep(watches: Watches) -> None:
    """A newer commit is routed in this process: the wait that sleeps asks at once whether to give way."""
    nudges, woken = Nudges(), threading.Event()

    def sleeper() -> None:
        with nudges.waking(watches.wake):
            assert watches.sleep(600)
        woken.set()

    sleeping = threading.Thread(target=sleeper)
    sleeping.start()
    until(lambda: nudges.nudge() or woken.is_set(), what="the sleeper to wake")
    sleeping.join()


def test_who_does_not_sleep_any_more_is_left_alone() -> None:
    """A nudge after the wait finds nobody, and is still counted for whoever asks next."""
    nudges, woken = Nudges(), threading.Event()
    with nudges.waking(woken.set):
        pass
    nudges.nudge()
    assert not woken.is_set()
    assert nudges.number == 1
