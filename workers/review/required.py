"""What every object needs before anything else is asked of it: a kind, a name that can be part of a path, its marks."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pushboat.model.manifest import Manifest
from pushboat.model.wording import printable
from workers.manifests.directives.reading import directives_in
from workers.manifests.quoting import as_written
from workers.review.words import Wrong

_PATH_SEGMENT = re.compile(r"(?!\.{1,2}$)[^/%\s]{1,253}")
"""A name becomes part of a request's path; these characters would make it another path."""
_RESERVED = ("applyset.kubernetes.io/", "pushboat.dev/applied", "pushboat.dev/fence")


def complete(manifest: Manifest) -> dict[str, Any]:
    """Give an object's metadata, once nothing is missing in its head.

    Raises:
        Wrong: something is, or stands there that is ours.
    """
    body = manifest.body
    for key in ("apiVersion", "kind"):
        if not isinstance(body.get(key), str) or not body[key]:
            raise Wrong(f"{key} is missing", (key,))
    kind, metadata = printable(body["kind"]), body.get("metadata")
    if not isinstance(metadata, dict):
        raise Wrong(f"{kind} has no metadata", ("metadata",))
    named = "name" if metadata.get("name") or not metadata.get("generateName") else "generateName"
    name, namespace = metadata.get(named), metadata.get("namespace")
    path = ("metadata", named)
    if named == "generateName" and not directives_in(body).is_hook:
        wrong = f"{kind} has a generateName: every deployment would create another one; give it a name"
        raise Wrong(wrong, path, by_name=True)
    if not isinstance(name, str) or not name:
        raise Wrong(f"{kind} has no name", path)
    if not _PATH_SEGMENT.fullmatch(name) or not name.isprintable():
        raise Wrong(f"{kind} has a name that cannot be part of a path: {name[:80]!r}", path)
    if namespace is not None and not isinstance(namespace, str):
        raise Wrong(f"{kind}/{name}: the namespace must be text: write it in quotes", ("metadata", "namespace"))
    return dict(metadata)


def wrong_marks(manifest: Manifest) -> Iterator[Wrong]:
    """Find labels and annotations that cannot be, or are ours."""
    metadata = manifest.body.get("metadata")
    if not isinstance(metadata, dict):
        return
    for marks in ("labels", "annotations"):
        found = metadata.get(marks)
        if isinstance(found, dict):
            yield from _wrong_in(manifest, marks, found)
        elif found is not None:
            yield Wrong(f"{_named(manifest)}: {marks} must be a mapping", ("metadata", marks))


def _wrong_in(manifest: Manifest, marks: str, found: Mapping[Any, Any]) -> Iterator[Wrong]:
    for key, value in found.items():
        path = ("metadata", marks, str(key))
        if value is not None and not isinstance(value, str):
            how = as_written(manifest.word_at(path), value) if isinstance(value, int | float) else ""
            what = f"{marks}.{printable(str(key))} must be text: write it in quotes{how}"
            yield Wrong(f"{_named(manifest)}: {what}", path)
        elif str(key).startswith(_RESERVED):
            yield Wrong(f"{_named(manifest)}: {key} belongs to Pushboat; remove it", path, by_name=True)


def _named(manifest: Manifest) -> str:
    name = manifest.body["metadata"].get("name")
    return f"{printable(str(manifest.body.get('kind')))}/{printable(str(name))}"
