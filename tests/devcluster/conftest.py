"""A simulated cluster. It is never the one of PUSHBOAT_TEST_KUBECONFIG, whose nodes would not know our annotations."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devcluster.api import Cluster, eventually
from tests.one_control_plane import started
from tests.sweeping import GIVEN


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Allow for the first build of the control plane, which takes minutes, in whichever test comes first."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def simulated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A control plane with simulated nodes: the one that all tests share, where it is ours."""
    if GIVEN not in os.environ:
        yield request.getfixturevalue("kubeconfig")
        return
    with started(tmp_path_factory.mktemp("devcluster")) as kubeconfig:
        yield kubeconfig


@pytest.fixture
def cluster(simulated: Path) -> Iterator[Cluster]:
    """A namespace of its own in it."""
    here = Cluster(simulated, f"test-{uuid.uuid4().hex[:8]}")
    here.create("/api/v1/namespaces", {"metadata": {"name": here.namespace}})
    eventually(lambda: here.get(f"{here.core}/serviceaccounts/default"), "the default service account")
    yield here
    here.ask("DELETE", f"/api/v1/namespaces/{here.namespace}")
