"""Objects as an API server may send them: what it guarantees holds, all else may be anything."""

import json
from typing import Any

Object = dict[str, Any]


def read(data: bytes) -> Any:
    """Read JSON as an API server sends it: text that is none is nothing, halves of characters are no text."""
    try:
        said = json.loads(data)
        json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    return said


def as_served(said: Any) -> Object | None:
    """Give an object its name and the types that every API server sees to in its metadata; None where it is none."""
    if not isinstance(said, dict) or not isinstance(said.get("metadata"), dict):
        return None
    metadata = {**said["metadata"]}
    for key in ("labels", "annotations"):
        marks = metadata.pop(key, None)
        if isinstance(marks, dict):
            metadata[key] = {name: text for name, text in marks.items() if isinstance(text, str)}
    books = metadata.pop("managedFields", None)
    if isinstance(books, list):
        metadata["managedFields"] = _entries(books)
    owners = metadata.pop("ownerReferences", None)
    if isinstance(owners, list):
        metadata["ownerReferences"] = [each for each in owners if isinstance(each, dict)]
    for key in ("name", "namespace", "resourceVersion", "uid"):
        metadata[key] = str(metadata.get(key) or "x")
    kind, version = str(said.get("kind") or "ConfigMap"), str(said.get("apiVersion") or "v1")
    return {**said, "apiVersion": version, "kind": kind, "metadata": metadata}


def _entries(books: list[Any]) -> list[Object]:
    """Keep one entry of each who applied, and one of each who wrote in a version, as every API server does."""
    found: dict[tuple[str, ...], Object] = {}
    for each in books:
        if isinstance(each, dict):
            version = "" if each.get("operation") == "Apply" else each.get("apiVersion")
            who = (each.get("manager"), each.get("operation"), version, each.get("subresource") or "")
            found.setdefault(tuple(map(str, who)), each)
    return list(found.values())
