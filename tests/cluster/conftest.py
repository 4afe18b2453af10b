"""A cluster that counts, and a namespace of its own for every test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from pushboat.config.environment import Environment
from pushboat.config.operator import ClusterAccess
from tests.cluster.desk import Desk
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
