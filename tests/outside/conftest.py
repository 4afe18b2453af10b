"""Hosts of charts and files, closed and open, and a folder for what was fetched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.chart_host import ChartHost


@pytest.fixture
def charts() -> Iterator[ChartHost]:
    """A host that knows everybody."""
    host = ChartHost()
    yield host
    host.close()


@pytest.fixture
def closed() -> Iterator[ChartHost]:
    """A host that knows one robot."""
    host = ChartHost(login=("robot", "s3cret-of-the-robot"))
    yield host
    host.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where what was fetched is kept."""
    return tmp_path / "fetched"
