"""A forge that answers nothing keeps so many routers busy and no more; what waits meanwhile is routed after."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.config.operator import Limits
from pushboat.store import deliveries
from pushboat.store.database.engine import Store
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import push
from tests.until import until
from tests.written import config_map, repository_file
from workers.routing.in_turn import Turns, route
from workers.tools import Tools

NAMES = [f"acme/r{number}" for number in range(5)]


@pytest.fixture
def many(tmp_path: Path, store: Store) -> Iterator[tuple[Tools, FakeGitHub]]:
    """A worker and a GitHub with five repositories, each with a push that waits to be routed."""
    with FakeGitHub(tmp_path / "many") as forge:
        limits = {"staging": Limits(environment="staging", cluster="dev", namespaces=("shop",))}
        for name in NAMES:
            files = {".pushboat.yaml": repository_file(), "deploy/settings.yaml": config_map()}
            forge.create_repository(name, files)
            sha = forge.projects[name].bare.resolve("refs/heads/main")
            deliveries.accept(store, "github", name, push(sha, name))
        with at_work(tmp_path, store, forge.configured(), {f"github/{name}": limits for name in NAMES}) as tools:
            yield tools, forge


def unrouted(store: Store) -> int:
    """Count what waits."""
    with store.reading() as tx:
        return int(tx.scalar(sa.text("SELECT count(*) FROM delivery WHERE routed_at IS NULL")))


def test_a_silent_forge_keeps_so_many_routers_and_no_more(many: tuple[Tools, FakeGitHub]) -> None:
    """Five repositories, two places: three hints go away at once, and when the forge speaks again all are routed."""
    tools, forge = many
    turns = Turns(2)
    with ThreadPoolExecutor(2) as pool:
        with forge.silence("acme"):
            held = [pool.submit(route, tools, turns, f"github/{name}") for name in NAMES[:2]]
            until(lambda: turns._at_work["github"] == 2, what="both places to be taken")
            until(lambda: claimed(tools.store) == 2, what="both repositories to be taken")
            gone = threading.Event()

            def come_and_go() -> None:
                for name in NAMES[2:]:
                    route(tools, turns, f"github/{name}")
                gone.set()

            coming = threading.Thread(target=come_and_go)
            coming.start()
            assert gone.wait(30), "whoever finds no place keeps no thread"
            coming.join()
        for each in held:
            each.result(timeout=60)
    assert unrouted(tools.store) == 0


def claimed(store: Store) -> int:
    """Count the repositories that routers have."""
    with store.reading() as tx:
        return int(tx.scalar(sa.text("SELECT count(*) FROM repository WHERE lease_until > 0")))


def test_places_are_counted_by_forge(many: tuple[Tools, FakeGitHub]) -> None:
    """One that is full keeps nobody from another one."""
    tools, _ = many
    turns = Turns(0)
    route(tools, turns, f"github/{NAMES[0]}")
    assert unrouted(tools.store) == len(NAMES)
    assert turns.others_wait("github")
    assert not turns.others_wait("gitlab")
