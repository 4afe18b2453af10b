"""Desks in namespaces of their own, for tests that need several; cluster-scoped objects of theirs go with them."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from pushboat.config.environment import Environment
from tests.cluster.conftest import door
from tests.cluster.desk import Desk
from tests.sweeping import sweep
from workers.cluster.client.connection import Cluster

__all__ = ["desks", "door"]

CLUSTER_SCOPED = ("CustomResourceDefinition", "ValidatingWebhookConfiguration")
PLACES = (
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
)

Desks = Callable[[], Desk]


@pytest.fixture
def desks(door: Cluster) -> Iterator[Desks]:
    """Open environments, each in an empty namespace."""
    opened: list[Desk] = []

    def new() -> Desk:
        name = f"t-{uuid4().hex[:10]}"
        body: dict[str, Any] = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        door.request("POST", "/api/v1/namespaces", body=body)
        environment = Environment(
            name="staging", cluster="dev", namespaces=(name,), namespace=name, path="deploy",
            cluster_scoped=CLUSTER_SCOPED,
        )  # fmt: skip
        opened.append(Desk(door, environment))
        return opened[-1]

    yield new
    for desk in opened:
        for place in PLACES:
            for item in door.request("GET", place).data["items"]:
                if desk.namespace in item["metadata"]["name"]:
                    door.request("DELETE", f"{place}/{item['metadata']['name']}")
        sweep(door.request, desk.namespace)
