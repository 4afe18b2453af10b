"""A reporter with a store and receivers of every kind, and an environment that things happen to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config.forge import Forge
from pushboat.config.notifying import USUAL, Receiver
from pushboat.config.operator import Limits
from pushboat.store.database.engine import Store
from tests.engine_room.worker import at_work
from tests.fakes.listeners import DISCORD, SLACK, TEAMS, Chats, Mail, Program, listening, reachable_chats
from tests.fresh_store import fresh_store
from tests.notices.reporter import SECRET, Reporter
from tests.store.repository import NAME, Repository

STAGING = Limits(environment="staging", cluster="dev", namespaces=("shop",))
TOKEN = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    """Slack, Teams and Discord."""
    with reachable_chats(tmp_path) as chats:
        yield chats


@pytest.fixture
def mail() -> Iterator[Mail]:
    """A mail server."""
    with listening(server := Mail()):
        yield server


@pytest.fixture
def program() -> Iterator[Program]:
    """A program behind a webhook."""
    with listening(server := Program()):
        yield server


@pytest.fixture
def receivers(chats: Chats, mail: Mail, program: Program) -> dict[str, Receiver]:
    """Who hears everything, by each way."""
    urls = {
        "slack": f"slack://{TOKEN}",
        "teams": f"workflows://{TEAMS}:443/a1b2c3d4e5/SIGNATURE_IS_SECRET",
        "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "mail": mail.url,
    }
    heard = tuple(USUAL["webhook"])
    found = {name: Receiver(name=name, way="apprise", url=url, events=heard) for name, url in urls.items()}
    hook = Receiver(name="hook", way="webhook", url=program.url, events=heard, secrets=(SECRET,))
    assert {SLACK, TEAMS, DISCORD}
    return {**found, "hook": hook}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store, of an operator who has receivers."""
    opened = replace(fresh_store(tmp_path), notices=True)
    yield opened
    opened.close()


@pytest.fixture
def repository(store: Store) -> Repository:
    """The repository github/acme/shop, to push to."""
    return Repository(store)


@pytest.fixture
def reporter(
    tmp_path: Path, store: Store, repository: Repository, receivers: dict[str, Receiver]
) -> Iterator[Reporter]:
    """A reporter that tells them."""
    forge = Forge(name="github", kind="git", root=tmp_path)
    with at_work(tmp_path, store, forge, {NAME: {"staging": STAGING}}) as tools:
        told = replace(tools, operator=replace(tools.operator, receivers=receivers))
        yield Reporter(told, repository)
