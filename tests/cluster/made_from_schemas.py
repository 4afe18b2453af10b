"""Objects made from schemas: every place that a kind has, filled with what fits there, so that a test can break it."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workers.cluster.client.connection import APPLY, Cluster
from workers.cluster.client.refusals import Answered

Path = tuple[str | int, ...]
Schemas = Mapping[str, Any]
_DEEPEST = 6
_TEXTS = {"date-time": "2024-01-01T00:00:00Z", "byte": "eA=="}


@dataclass(frozen=True, slots=True)
class Site:
    """A place of an object where a named schema holds."""

    body: dict[str, Any]
    path: Path
    name: str


def sites(body: dict[str, Any], schemas: Schemas, root: str) -> Iterator[Site]:
    """Find the first place of every named schema below an object's own, and put something there."""
    seen: set[str] = set()
    queue: list[tuple[Path, str]] = [((), root)]
    for path, name in queue:  # grows while it is walked
        if name in seen:
            continue
        seen.add(name)
        yield Site(_filled(body, schemas, root, path), path, name)
        for key, schema in schemas[name].get("properties", {}).items():
            if path or key not in ("status", "metadata"):
                queue += list(_named_below(schema, (*path, key)))


def fitting(schemas: Schemas, schema: Any, depth: int = 0) -> Any:
    """Make the smallest value that a schema asks for."""
    schema = resolved(schemas, schema)
    if schema.get("enum"):
        return schema["enum"][-1] or schema["enum"][0]
    if schema.get("format") == "int-or-string":
        return 1
    if schema.get("oneOf"):
        return "1"
    match schema.get("type"):
        case "string":
            return _TEXTS.get(schema.get("format"), "x1")
        case "integer" | "number":
            return 1
        case "boolean":
            return True
        case "array":
            return [fitting(schemas, schema["items"], depth + 1)]
    properties = schema.get("properties", {}) if depth <= _DEEPEST else {}
    return {
        key: fitting(schemas, properties[key], depth + 1) for key in schema.get("required", ()) if key in properties
    }


def resolved(schemas: Schemas, schema: Any) -> Any:
    """Follow a reference, where a schema is one."""
    name = _reference(schema)
    return schemas[name] if name else schema


def put(body: Any, path: Path, value: Any) -> Any:
    """Give a copy with a value at a path whose parent is there."""
    body = copy.deepcopy(body)
    at = value_at(body, path[:-1])
    at[path[-1]] = value
    return body


def value_at(body: Any, path: Path) -> Any:
    """Look a value up."""
    for step in path:
        body = body[step]
    return body


def tried(cluster: Cluster, body: dict[str, Any], name: str) -> Answered | None:
    """Let the API server say what it would do with an object: nothing where it takes it."""
    group, _, version = body["apiVersion"].rpartition("/")
    kind = cluster.kinds.find(group, version, body["kind"])
    assert kind is not None
    query = {"fieldManager": "probe", "fieldValidation": "Strict", "dryRun": "All", "force": "true"}
    try:
        cluster.request("PATCH", kind.path("default", name), query, in_its_place(body, inside=kind.namespaced), APPLY)
    except Answered as answered:
        return answered
    return None


def in_its_place(body: dict[str, Any], *, inside: bool) -> dict[str, Any]:
    """Leave the namespace out where the kind knows none."""
    metadata = body.get("metadata")
    if inside or not isinstance(metadata, dict):
        return body
    return {**body, "metadata": {key: value for key, value in metadata.items() if key != "namespace"}}


def _filled(body: dict[str, Any], schemas: Schemas, root: str, path: Path) -> dict[str, Any]:
    body = copy.deepcopy(body)
    at: Any = body
    schema: Any = schemas[root]
    for step in path:
        schema = resolved(schemas, schema)
        schema = schema["items"] if isinstance(step, int) else _field(schema, step)
        if isinstance(step, int) and not at:
            at.append(fitting(schemas, schema))
        elif isinstance(step, str) and step not in at:
            at[step] = fitting(schemas, schema)
        at = at[step]
    return body


def _field(schema: Any, name: str) -> Any:
    return schema.get("properties", {}).get(name) or schema["additionalProperties"]


def _named_below(schema: Any, path: Path) -> Iterator[tuple[Path, str]]:
    while not (name := _reference(schema)):
        if schema.get("type") == "array":
            schema, path = schema["items"], (*path, 0)
        elif isinstance(schema.get("additionalProperties"), dict):
            schema, path = schema["additionalProperties"], (*path, "k1")
        else:
            return
    yield path, name


def _reference(schema: Any) -> str:
    wrapped = schema.get("allOf") or [{}]
    return str(schema.get("$ref") or wrapped[0].get("$ref") or "").rpartition("/")[2]
