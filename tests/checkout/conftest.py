"""A repository to fetch from, by its path or over smart HTTP from git's own server side."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.remote import Remote
from tests.checkout.upstream import SmartHttp, Upstream


@pytest.fixture
def upstream(tmp_path: Path) -> Upstream:
    """An empty bare repository that commits are made in."""
    return Upstream.create(tmp_path / "srv" / "shop.git")


@pytest.fixture
def over_http(upstream: Upstream) -> Iterator[SmartHttp]:
    """The same repository over HTTP on a loopback port."""
    with SmartHttp(upstream.path) as server:
        yield server


@pytest.fixture
def remote(upstream: Upstream) -> Remote:
    """The repository by its path, as plain git has it."""
    return Remote(url=str(upstream.path))


@pytest.fixture
def caches(tmp_path: Path) -> Path:
    """Where the caches lie; made by whoever needs it first."""
    return tmp_path / "caches"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where files are checked out to."""
    return tmp_path / "target"
