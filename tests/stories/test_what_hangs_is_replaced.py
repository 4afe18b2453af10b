"""A process that hangs is no different from one that died: `serve` replaces it, and what it had in hand goes on."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import breaking
from tests.fakes.forge import FakeForge
from tests.serving import Served, alive
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import deployment

FROZEN = ("worker", "dispatcher", "reporter", "broker")

Shops = Callable[[Served, str], Shop]


@pytest.fixture(scope="module")
def doomed(
    tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, forges: dict[str, FakeForge]
) -> Iterator[Served]:
    """One Pushboat of our own, since we freeze its parts."""
    served = Served.start(tmp_path_factory.mktemp("frozen"), operators_file(kubeconfig, forges), environ_of(forges))
    yield served
    served.stop()


@pytest.mark.proof  # three leases, then a start
def test_four_processes_freeze_in_the_middle_of_a_rollout(doomed: Served, shops: Shops) -> None:
    """Nobody does anything: serve finds and replaces each of them, and the rollout ends as if nothing had been."""
    shop = shops(doomed, "github")
    sha = shop.push({"deploy/web.yaml": deployment(behaviour="unready")})
    breaking.waits_for_health(shop, sha)
    web = breaking.part(doomed, "web")
    frozen = {name: breaking.part(doomed, name) for name in FROZEN}

    for pid in frozen.values():
        os.kill(pid, signal.SIGSTOP)

    until(
        lambda: not any(alive(pid) for pid in frozen.values()),
        what="the frozen processes to be replaced",
    )
    breaking.heal(shop)
    breaking.ended_once(shop, sha, within=breaking.LEASE_AND_AGAIN)
    said = doomed.log.read_text()
    for name in FROZEN:
        assert f"{name} hangs: its work loop did not turn for 45 s; killing it and starting it again" in said
    assert breaking.part(doomed, "web") == web
    assert "web hangs" not in said
