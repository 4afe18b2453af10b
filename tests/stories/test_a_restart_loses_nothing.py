"""What is told to end, ends well: a restart, or an upgrade process by process, loses nothing and does nothing twice."""

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from tests import breaking
from tests.fakes.forge import FakeForge
from tests.serving import Served, alive
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import config_map

LEASE = 15
"""Seconds after which somebody else may take over what a dead worker held."""
MANY = 600
PARTS = ("web", "dispatcher", "worker", "reporter", "broker")
ENDED = ("succeeded", "superseded")
FOUND_DEAD = re.compile(r"^pushboat_lease_takeovers_total.* (?!0\.0$)", re.MULTILINE)
A_MOMENT = 0.5
Pushed = tuple[Shop, str, str]
"""Where, which commit, and what it says."""
Shops = Callable[[Served, str], Shop]


@pytest.fixture(scope="module")
def doomed(
    tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, forges: dict[str, FakeForge]
) -> Iterator[Served]:
    """One Pushboat of our own, since we end its parts."""
    served = Served.start(tmp_path_factory.mktemp("restarted"), operators_file(kubeconfig, forges), environ_of(forges))
    yield served
    served.stop()


def ends(served: Served, name: str) -> int:
    """Tell a part of `serve` to end as systemd and Kubernetes do; give who it was."""
    pid = breaking.part(served, name)
    os.kill(pid, signal.SIGTERM)
    return pid


def test_a_worker_that_is_told_to_end_finishes_the_object_in_hand(doomed: Served, shops: Shops) -> None:
    """SIGTERM while 600 objects are being written: it stops between two, and the next worker goes on at once."""
    shop = shops(doomed, "github")
    sha = shop.push({"deploy/many.yaml": breaking.many(MANY)})
    pid = breaking.part(doomed, "worker")
    until(lambda: breaking.members(shop), what="the first objects", at_once=True)
    os.kill(pid, signal.SIGTERM)
    until(lambda: not alive(pid), within=LEASE, what="the worker to have ended")
    assert len(breaking.members(shop)) < MANY, "it went on to the end"
    breaking.ended_once(shop, sha)
    assert len(breaking.members(shop)) == MANY
    [row] = [each for each in doomed.deployments(shop.repository) if each["sha"] == sha]
    assert row["attempts"] == 1, "being told to end counted as a try"
    assert not FOUND_DEAD.search(doomed.page("/metrics")), "it did not give back what it held"


@contextmanager
def pushing(some: list[Shop]) -> Iterator[list[Pushed]]:
    """Push to each of them in turn, a few times a second, until this is over."""
    pushed: list[Pushed] = []
    over, met = threading.Event(), []

    def push() -> None:
        try:
            while not over.wait(A_MOMENT):
                for shop in some:
                    number = str(len(pushed))
                    pushed.append((shop, shop.push({"deploy/settings.yaml": config_map(number=number)}), number))
        except BaseException as trouble:  # noqa: BLE001 - told below, where somebody hears it
            met.append(trouble)

    thread = threading.Thread(target=push)
    thread.start()
    try:
        yield pushed
    finally:
        over.set()
        thread.join()
    assert not met


def test_every_part_is_restarted_while_people_push(doomed: Served, shops: Shops) -> None:
    """One after the other ends and comes back under load: no push is refused, each ends once, and the newest runs."""
    some = [shops(doomed, "github"), shops(doomed, "gitlab"), shops(doomed, "github")]
    with pushing(some) as pushed:
        for name in PARTS:
            seen = len(pushed)
            until(lambda seen=seen: len(pushed) > seen + len(some), what="more pushes")  # type: ignore[misc]
            before = ends(doomed, name)
            until(lambda name=name, before=before: breaking.part(doomed, name) != before, what=f"another {name}")  # type: ignore[misc]
    for shop in some:
        shas, numbers = zip(*((sha, number) for whose, sha, number in pushed if whose is shop), strict=True)
        breaking.ended_once(shop, shas[-1])
        assert breaking.data_of(shop) == [{"number": numbers[-1]}]
        rows = doomed.deployments(shop.repository)
        assert sorted(row["sha"] for row in rows) == sorted(shas)
        assert {row["state"] for row in rows} <= set(ENDED)
    answers = [sent.response for shop in some for sent in shop.forge.deliveries if sent.response is not None]
    assert {answer.status_code for answer in answers} <= {HTTPStatus.ACCEPTED, HTTPStatus.OK}
