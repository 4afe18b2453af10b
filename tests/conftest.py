"""The nouns that every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.devcluster import control_plane
from tests.cluster_view import ClusterView


@pytest.fixture(scope="session")
def kubeconfig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One real control plane for the whole run; tests keep apart by namespace."""
    given = os.environ.get("PUSHBOAT_TEST_KUBECONFIG")
    if given:
        yield Path(given)
        return
    with control_plane(tmp_path_factory.mktemp("devcluster"), say=print) as path:
        yield path


@pytest.fixture(scope="session")
def cluster(kubeconfig: Path) -> Iterator[ClusterView]:
    """The cluster as somebody else sees it."""
    view = ClusterView(kubeconfig)
    yield view
    view.close()
