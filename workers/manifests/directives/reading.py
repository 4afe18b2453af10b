"""An object's annotations and labels, read into one word; most objects have none, and cost two look-ups per key."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pushboat.model.manifest import Manifest
from workers.manifests.directives.marks import Mark, Tool, said
from workers.manifests.directives.table import TOOLS, tool_of
from workers.manifests.directives.words import NOTHING, Directives, Mode, Recreate, Slip, joined, slip

NEVER_RECREATED = ("CustomResourceDefinition", "Namespace")
"""Kinds that the operator's file cannot list."""
_NOBODY_TAKES_IT_OFF = "argocd.argoproj.io/hook-finalizer"
_FINALIZERS = "finalizers"
_PLACES = ("annotations", "labels")
LARGEST = 1 << 18
"""Characters: the API server's own limit, which keeps a stranger from making us read a million of them."""


def directives_of(manifest: Manifest, *, recreate: Collection[str] = ()) -> Directives:
    """Say what other tools' annotations on a manifest mean; `recreate` are the kinds that may be recreated here.

    What is wrong with them stands in `slips`; nothing is raised.
    """
    found = directives_in(manifest.body)
    if found is NOTHING or found.recreate is Recreate.NEVER or found.is_hook:
        return found
    if manifest.ref.kind in recreate:
        return found
    sentence = f"{found.recreate_key} would delete it and create it again: {_instead(manifest.ref.kind, recreate)}"
    return replace(found, slips=(*found.slips, Slip(key=found.recreate_key, wrong=sentence)))


def _instead(kind: str, recreate: Collection[str]) -> str:
    if kind in NEVER_RECREATED:
        return f"no {kind} may be, for what it would take along; remove it"
    line = f"`recreate: [{', '.join(sorted({*recreate, kind}))}]`"
    return f"remove it, or let the operator add {line} to this environment in pushboat.yaml"


def directives_in(body: Mapping[str, Any]) -> Directives:
    """Say what other tools' annotations on an object mean, in git or as it stands in a cluster."""
    metadata = body.get("metadata")
    if not isinstance(metadata, dict):
        return NOTHING
    marks = list(_marks(metadata))
    if marks and _size(metadata) > LARGEST:
        return slip(
            "annotations", f"annotations and labels of more than {LARGEST >> 10} KiB, which no API server takes"
        )
    found: dict[str, Directives] = {}
    for tool, key, value in marks:
        read = tool.read(Mark(key=key, value=value, body=body))
        found[tool.name] = joined(found.get(tool.name, NOTHING), read)
    whole = NOTHING
    for tool in TOOLS if found else ():
        whole = joined(whole, found.get(tool.name, NOTHING))
    return joined(whole, _finalizers(metadata)) if _FINALIZERS in metadata else whole


def mode_key(body: Mapping[str, Any], mode: Mode) -> str:
    """Name the annotation that says how an object is written, as it is written itself; empty where none does."""
    for tool, key, value in _marks(body["metadata"]):
        mark = Mark(key=key, value=value, body=body)
        if tool.read(mark).mode is mode:
            return said(mark)
    return ""


def hook_key(body: Mapping[str, Any]) -> str:
    """Name the annotation that makes an object a hook, as it is written itself; empty where none does."""
    for tool, key, value in _marks(body["metadata"]):
        mark = Mark(key=key, value=value, body=body)
        if tool.read(mark).is_hook:
            return said(mark)
    return ""


def _size(metadata: Mapping[str, Any]) -> int:
    places = (metadata.get(place) for place in _PLACES)
    both = (marks for marks in places if isinstance(marks, dict))
    return sum(len(str(key)) + len(value) for marks in both for key, value in marks.items() if isinstance(value, str))


def _marks(metadata: Mapping[str, Any]) -> Iterator[tuple[Tool, str, str]]:
    """List the annotations that are a tool's, and the labels of a tool that reads those too."""
    for place in _PLACES:
        marks = metadata.get(place)
        for key, value in marks.items() if isinstance(marks, dict) else ():
            tool = tool_of(key) if isinstance(key, str) and isinstance(value, str) else None
            if tool is not None and (tool.labels or place == "annotations"):
                yield tool, key, value


def _finalizers(metadata: Mapping[str, Any]) -> Directives:
    written = metadata[_FINALIZERS]
    if not isinstance(written, list) or _NOBODY_TAKES_IT_OFF not in written:
        return NOTHING
    why = "only Argo CD takes it off, so the object could never be deleted here: remove it"
    return slip(_FINALIZERS, f"the finalizer {_NOBODY_TAKES_IT_OFF} is not supported: {why}")
