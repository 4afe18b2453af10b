"""The scene of what happens at the same time: on each forge in turn, or on each store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.store.database.engine import Store
from tests.spoofing.conftest import scene  # noqa: F401 - a fixture
from tests.spoofing.scene import Scene, on_stage
from tests.store.conftest import (  # noqa: F401 - fixtures
    migrated_database,
    migrated_file,
    postgres_server,
    repository,
    store,
    url,
)


@pytest.fixture
def stored(store: Store, tmp_path: Path) -> Iterator[Scene]:  # noqa: F811 - the fixture
    """A pull request on GitHub, with what is known of it in SQLite or Postgres; bob may write too."""
    with on_stage("github", tmp_path / "stage", given=store) as found:
        found.project.permissions["bob"] = "write"
        found.forge.user_id("bob")
        yield found
