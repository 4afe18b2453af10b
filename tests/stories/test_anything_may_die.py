"""Whatever is killed, and whenever: each deployment still ends, once, and its commit says how.

All of it at once is killed in test_nothing_is_left_behind.py.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path

import pytest

from tests import breaking
from tests.fakes.forge import FakeForge
from tests.serving import ROOT, Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import config_map, deployment

MANY = 300
"""ConfigMaps: about a second of applying, so that a kill comes in the middle."""

Shops = Callable[[Served, str], Shop]


@pytest.fixture(scope="module")
def doomed(
    tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, forges: dict[str, FakeForge]
) -> Iterator[Served]:
    """One Pushboat of our own, since we kill its parts."""
    served = Served.start(tmp_path_factory.mktemp("doomed"), operators_file(kubeconfig, forges), environ_of(forges))
    yield served
    served.stop()


@pytest.mark.proves("pain-22")
def test_the_worker_dies_in_the_middle_of_an_apply(doomed: Served, shops: Shops) -> None:
    """kill -9 while objects are being written: another worker shuts the dead one out, and does all of it."""
    shop = shops(doomed, "gitlab")
    sha = shop.push({"deploy/many.yaml": breaking.many(MANY)})
    begun = partial(until, lambda: breaking.members(shop), what="the first objects", at_once=True)
    breaking.kill(doomed, "worker", when=begun)
    before = breaking.fences(shop)
    assert len(before) < MANY, "killed too late to be in the middle"

    breaking.ended_once(shop, sha, within=breaking.LEASE_AND_AGAIN)
    after = breaking.fences(shop)
    assert len(after) == MANY
    assert all(after[name] > fence for name, fence in before.items()), "the dead one was not shut out"


@contextmanager
def another_worker(served: Served, forges: dict[str, FakeForge]) -> Iterator[int]:
    """Start a second worker process beside serve's own."""
    environ = {**os.environ, **environ_of(forges), "PUSHBOAT_CONFIG": str(served.config)}
    with served.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "workers.app", "worker"], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


@pytest.mark.proof  # it waits for a lease to run out
def test_a_frozen_worker_wakes_up_too_late_to_write(doomed: Served, shops: Shops, forges: dict[str, FakeForge]) -> None:
    """A worker hangs in the middle of an apply for longer than its lease: what it still holds is not written.

    It is one that serve does not look after, which would replace it on a slow day.
    """
    shop = shops(doomed, "github")
    shop.ended(shop.push({"deploy/many.yaml": breaking.many(MANY, version="0")}))
    own = breaking.part(doomed, "worker")
    breaking.freeze(doomed, own)
    with another_worker(doomed, forges) as frozen:
        try:
            stale = shop.push({"deploy/many.yaml": breaking.many(MANY, version="1")})
            until(lambda: {"version": "1"} in breaking.data_of(shop), what="the first writes")
            breaking.freeze(doomed, frozen)
            assert {"version": "0"} in breaking.data_of(shop), "frozen too late to be in the middle"
        finally:
            with suppress(ProcessLookupError):  # serve may have replaced it by now
                os.kill(own, signal.SIGCONT)
        newest = shop.push({"deploy/many.yaml": breaking.many(MANY, version="2")})
        breaking.ended_once(shop, newest, within=breaking.LEASE_AND_AGAIN)
        assert breaking.data_of(shop) == [{"version": "2"}]
        os.kill(frozen, signal.SIGCONT)
        until(lambda: "another worker" in doomed.log.read_text(), what="the worker to notice that its lease is gone")
    assert breaking.data_of(shop) == [{"version": "2"}]
    breaking.ended_once(shop, stale, "superseded")
    assert shop.descriptions(stale)[-1] == f"runs as part of {newest[:7]}"


@pytest.mark.proves("receiver-load")
@pytest.mark.parametrize(
    "name", ["web", *(pytest.param(name, marks=pytest.mark.proof) for name in ("dispatcher", "reporter", "broker"))]
)
def test_a_part_dies_as_soon_as_a_push_was_accepted(doomed: Served, shops: Shops, name: str) -> None:
    """kill -9 right after the 202: what was accepted is deployed and reported, by the part that comes after it."""
    shop = shops(doomed, "github")
    sha = shop.push({"deploy/web.yaml": deployment()})
    breaking.kill(doomed, name)
    breaking.ended_once(shop, sha)


@pytest.mark.proof
def test_a_push_while_the_web_process_starts_again_is_not_refused(doomed: Served, shops: Shops) -> None:
    """Forges do not send a refused webhook twice: while nobody is there to answer, it waits in line."""
    shop = shops(doomed, "gitlab")
    breaking.strike(doomed, "web")
    sha = shop.push({"deploy/settings.yaml": config_map()})
    [*_, sent] = shop.forge.deliveries
    assert sent.response is not None
    assert sent.response.status_code == HTTPStatus.ACCEPTED
    breaking.ended_once(shop, sha)


@pytest.mark.proof
def test_all_but_the_worker_die_while_a_rollout_goes_on(doomed: Served, shops: Shops) -> None:
    """kill -9 of four parts at once: the rollout goes on, and its end is told when they are back."""
    shop = shops(doomed, "gitlab")
    sha = shop.push({"deploy/web.yaml": deployment(behaviour="unready")})
    breaking.waits_for_health(shop, sha)
    breaking.kill(doomed, "web", "dispatcher", "reporter", "broker")
    breaking.heal(shop)
    breaking.ended_once(shop, sha)


def test_the_broker_forgets_everything(doomed: Served, shops: Shops) -> None:
    """The broker dies and its data is gone: hints come again, since the store remembers what is to be done."""
    both = [shops(doomed, "github"), shops(doomed, "gitlab")]
    worker = breaking.part(doomed, "worker")
    breaking.freeze(doomed, worker)  # nobody takes the hints
    try:
        shas = [shop.push({"deploy/settings.yaml": config_map()}) for shop in both]
        for leftover in (doomed.state / "broker").iterdir():
            shutil.rmtree(leftover)
        breaking.kill(doomed, "broker")
    finally:
        os.kill(worker, signal.SIGCONT)
    for shop, sha in zip(both, shas, strict=True):
        breaking.ended_once(shop, sha)
