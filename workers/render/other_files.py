"""Files that are no manifests, in a folder of manifests: never passed over in silence, and told all at once.

A values file, a dashboard or a Compose file is told from a manifest with a mistake by having neither of the two fields
that make an object, or one of them by chance and no metadata.
"""

import json
from collections.abc import Collection
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from pushboat.config.environment import Environment
from pushboat.config.excluding import Excluding, line
from pushboat.config.repository import FILE_NAME
from pushboat.errors import InvalidManifest, RenderFailed
from workers.manifests.yaml_composing import without_marks
from workers.manifests.yaml_loading import load

MOST_LISTED = 50
_MOST_LOOKED_AT = 200
"""Files that a line is proposed for; with more of them, `include` is the better key."""


def is_no_manifest(text: str, file: str) -> bool:
    """Say whether nothing in a text looks like an object; what cannot be read may well be one."""
    try:
        documents = _documents(without_marks(text), file)
    except (InvalidManifest, ValueError, RecursionError):
        return False
    return bool(documents) and not any(map(_resembles, documents))


def _documents(text: str, file: str) -> list[Any]:
    """Read what is there as far as it has to be known: JSON may be indented by tabs, as YAML may not."""
    with suppress(ValueError):
        if text.lstrip()[:1] in ("{", "["):
            return [json.loads(text)]
    return [document.data for document in load(text, file)]


def refused(others: Collection[str], read: Collection[str], base: str, environment: Environment) -> RenderFailed:
    """Make the one refusal that names them all, with the line that leaves them out; `read` are the manifests."""
    first, *more = sorted(others)
    what = f"and {len(more):,} more are no manifests" if more else "is no manifest"
    summary = f"{_advice(others, read, base, environment)}: {first} {what} (no apiVersion and kind)"
    listed = [f"- {file}" for file in (first, *more)[:MOST_LISTED]]
    if len(others) > MOST_LISTED:
        listed.append(f"- and {len(others) - MOST_LISTED:,} more")
    return RenderFailed(summary, "\n".join(listed))


def line_without(others: Collection[str], read: Collection[str], base: str, environment: Environment) -> str:
    """Write the line for `.pushboat.yaml` by which files are left out, beside what is left out already."""
    inside = [str(PurePosixPath(file).relative_to(base)) for file in sorted(others)[:_MOST_LOOKED_AT]]
    manifests = [str(PurePosixPath(file).relative_to(base)) for file in read]
    return line((*environment.exclude, *Excluding(manifests).proposed(inside)))


def _advice(others: Collection[str], read: Collection[str], base: str, environment: Environment) -> str:
    if len(others) > _MOST_LOOKED_AT:
        return f"say with `include` in {FILE_NAME} which files of {environment.name} are"
    return f"add `{line_without(others, read, base, environment)}` to {environment.name} in {FILE_NAME}"


def _resembles(data: Any) -> bool:
    if isinstance(data, list):
        return any(_resembles(each) for each in data if isinstance(each, dict))
    if not isinstance(data, dict):
        return False
    return {"apiVersion", "kind"} <= data.keys() or ("metadata" in data and bool({"apiVersion", "kind"} & data.keys()))
