"""The store's nouns: every test runs on SQLite and on a real Postgres."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from tests.known_statements import with_known_statements
from tests.store import postgres
from tests.store.desk import FAKES, Desk, at_a_desk
from tests.store.repository import Repository


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One server for the whole run."""
    with postgres.server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with our tables, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    _migrate("", folder)
    return folder / "pushboat.sqlite3"


@pytest.fixture(scope="session")
def migrated_database(postgres_server: postgres.Server) -> str:
    """A Postgres database with our tables, to be copied."""
    url = postgres_server.fresh()
    _migrate(url, Path())
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/pushboat.sqlite3"
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    yield (address := server.fresh())
    server.drop(address)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with our tables."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "pushboat.sqlite3")
        yield f"sqlite:///{tmp_path}/pushboat.sqlite3"
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    yield (address := server.fresh(request.getfixturevalue("migrated_database")))
    server.drop(address)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """An open store."""
    store = with_known_statements(open_store(url, tmp_path))
    yield store
    store.close()


@pytest.fixture
def repository(store: Store) -> Repository:
    """The repository github/acme/shop, to push to."""
    return Repository(store)


@pytest.fixture(params=FAKES)
def desk(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Desk]:
    """Each forge, with each store."""
    with at_a_desk(request.param, store, tmp_path) as desk:
        yield desk


@pytest.fixture
def at_github(store: Store, tmp_path: Path) -> Iterator[Desk]:
    """A GitHub, with each store."""
    with at_a_desk("github", store, tmp_path) as desk:
        yield desk


def _migrate(url: str, state: Path) -> None:
    store = open_store(url, state)
    migrations.upgrade(store)
    store.close()
