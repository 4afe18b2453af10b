"""A cluster that counts, and a namespace of its own for every test."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from pushboat.config.environment import Environment
from pushboat.config.operator import ClusterAccess
from tests.cluster.definitions import PATH
from tests.cluster.desk import Desk
from tests.fakes.late_cluster import LateCluster, late_before
from tests.sweeping import sweep
from workers.cluster.client.connection import Cluster, connect


@pytest.fixture(scope="session")
def door(kubeconfig: Path) -> Iterator[Cluster]:
    """An open connection to the real control plane."""
    opened = connect(ClusterAccess(name="dev", kubeconfig=kubeconfig))
    yield opened
    opened.close()


@pytest.fixture
def namespace(door: Cluster) -> Iterator[str]:
    """An empty namespace, deleted afterwards."""
    name = f"t-{uuid4().hex[:10]}"
    body: dict[str, Any] = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    door.request("POST", "/api/v1/namespaces", body=body)
    yield name
    sweep(door.request, name)


@pytest.fixture
def desk(door: Cluster, namespace: str) -> Desk:
    """An environment in that namespace."""
    environment = Environment(
        name="staging", cluster="dev", namespaces=(namespace,), namespace=namespace, path="deploy"
    )
    return Desk(door, environment)


@pytest.fixture
def late(kubeconfig: Path) -> Iterator[LateCluster]:
    """An API server that follows late."""
    with late_before(kubeconfig) as proxy:
        yield proxy


@pytest.fixture
def through(late: LateCluster, desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """A desk that leads through it, whose repository may bring definitions."""
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(late.kubeconfig))
    opened = connect(ClusterAccess(name="late", kubeconfig=path))
    yield replace(desk.allowing(cluster_scoped=("CustomResourceDefinition",)), cluster=opened)
    opened.close()


@pytest.fixture
def group(desk: Desk) -> Iterator[str]:
    """A group of its own, whose definition leaves with the test."""
    name = f"x{uuid4().hex[:8]}.example.com"
    yield name
    desk.cluster.request("DELETE", f"{PATH}/gadgets.{name}")
