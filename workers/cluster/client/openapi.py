"""The schemas that a cluster publishes: one document for each group and version, kept while its hash stays the same.

They help to name mistakes early and are never needed: whoever may not read them, or asks a server that has none, goes
on without, with a reason to show.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pushboat.errors import PushboatError

INDEX = "/openapi/v3"
Version = tuple[str, str]
"""A group ("" for the core) and a version of it."""
Fetch = Callable[[str, Mapping[str, str]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The schemas of one group and version, by name; two of the same hash are the same."""

    group: str
    version: str
    hash: str
    schemas: Mapping[str, Any] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What could be read, and of what could not, why."""

    documents: Mapping[Version, Document]
    missing: Mapping[Version, str] = field(default_factory=dict)


class OpenApi:
    """The documents of one API server, shared by all who speak to it."""

    def __init__(self) -> None:
        self._kept: dict[Version, Document] = {}
        self._lock = threading.Lock()

    def read(self, fetch: Fetch, wanted: Iterable[Version]) -> Published:
        """Read the documents of some versions; only those whose hash is a new one are asked for."""
        wanted = sorted(set(wanted))
        try:
            paths = _paths(fetch(INDEX, {}))
        except PushboatError as refused:
            return Published(documents={}, missing=dict.fromkeys(wanted, refused.summary))
        documents: dict[Version, Document] = {}
        missing: dict[Version, str] = {}
        for version in wanted:
            try:
                documents[version] = self._document(fetch, version, paths[version])
            except KeyError:
                missing[version] = "the cluster publishes no schema of it"
            except PushboatError as refused:
                missing[version] = refused.summary
        return Published(documents=documents, missing=missing)

    def _document(self, fetch: Fetch, version: Version, address: str) -> Document:
        parts = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        digest = query.get("hash", "")
        kept = self._kept.get(version)
        if kept is not None and digest and kept.hash == digest:
            return kept
        data = fetch(parts.path, query)
        document = Document(group=version[0], version=version[1], hash=digest, schemas=_schemas(data))
        with self._lock:
            self._kept[version] = document
        return document


def _paths(index: Mapping[str, Any]) -> dict[Version, str]:
    """Read the index: `api/v1` and `apis/GROUP/VERSION` to the address of their documents."""
    found: dict[Version, str] = {}
    for path, each in _mapping(index.get("paths")).items():
        address = _mapping(each).get("serverRelativeURL")
        match path.split("/"):
            case ["api", version] if isinstance(address, str):
                found["", version] = address
            case ["apis", group, version] if isinstance(address, str):
                found[group, version] = address
    return found


def _schemas(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the schemas alone; their prose is most of a document, and nobody here reads it."""
    schemas: Mapping[str, Any] = _without_prose(_mapping(_mapping(data.get("components")).get("schemas")))
    return schemas


def _without_prose(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_prose(each)
            for key, each in value.items()
            if not (key == "description" and isinstance(each, str))
        }
    return [_without_prose(each) for each in value] if isinstance(value, list) else value


def _mapping(value: Any) -> Mapping[str, Any]:
    """Take what is not the mapping that was expected for an empty one: an aggregated server may publish anything."""
    return value if isinstance(value, dict) else {}
