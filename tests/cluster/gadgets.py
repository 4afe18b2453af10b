"""A kind whose definition changes: gadgets, which have a size, and later a colour."""

from typing import Any

from tests.cluster.definitions import PATH, definition
from tests.cluster.desk import Desk, document
from tests.until import until
from workers.cluster.client.connection import APPLY

SIZE: dict[str, Any] = {"size": {"type": "integer"}}
COLOUR: dict[str, Any] = {**SIZE, "colour": {"type": "string", "enum": ["red"]}}


def gadgets(group: str, fields: dict[str, Any], *required: str) -> dict[str, Any]:
    """Define gadgets with these fields."""
    spec = {"type": "object", "properties": fields, **({"required": list(required)} if required else {})}
    return definition(group, "Gadget", {"type": "object", "properties": {"spec": spec}})


def gadget(group: str, version: str = "v1", **spec: Any) -> str:
    """Write a gadget."""
    body = {"apiVersion": f"{group}/{version}", "kind": "Gadget", "metadata": {"name": "one"}, "spec": spec}
    return document(body)


def somebody_has(desk: Desk, body: dict[str, Any]) -> None:
    """Let somebody else write a definition."""
    desk.write("somebody", f"{PATH}/{body['metadata']['name']}", body, APPLY)


def discovered(desk: Desk, group: str) -> bool:
    """Look whether gadgets are served by now."""
    desk.cluster.kinds.refresh()
    return desk.cluster.kinds.find(group, "v1", "Gadget") is not None


def wait_until_published(desk: Desk, group: str) -> None:
    """Wait until the cluster publishes a first schema of gadgets, and serves them."""
    until(lambda: desk.cluster.published([(group, "v1")]).documents, what="the first schema")
    until(lambda: discovered(desk, group), what="the kind")


def lives(desk: Desk, group: str) -> str:
    """Say where gadgets live by now, in a definition's words; empty where they are not served."""
    if not discovered(desk, group):
        return ""
    return "Namespaced" if desk.cluster.kinds.namespaced(group, "v1", "Gadget") else "Cluster"
