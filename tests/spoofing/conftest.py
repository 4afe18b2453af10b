"""The scene of who tries to command and may not, on each forge in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forges.conftest import gitlab  # noqa: F401 - a fixture
from tests.spoofing.scene import Scene, on_stage


@pytest.fixture(params=["github", "gitlab", "gitea"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A pull request on each forge in turn."""
    with on_stage(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def github_scene(tmp_path: Path) -> Iterator[Scene]:
    """A pull request on GitHub."""
    with on_stage("github", tmp_path) as found:
        yield found
