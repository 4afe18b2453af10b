"""Text to manifests: documents and lists become objects, each with its kind, its name and the place it stands at.

Whether an object may be applied is not asked here (`checks`), and nothing is filled in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from yaml.nodes import Node

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Path, Ref
from pushboat.model.wording import printable, quoted
from workers.manifests.directives.reading import directives_in
from workers.manifests.json_loading import NotJson, load_json
from workers.manifests.json_nodes import json_nodes
from workers.manifests.places import Allowance, Places, items_of
from workers.manifests.quoting import as_written
from workers.manifests.words import LARGEST_FILE_CHARACTERS, Document, Unread, column_of, invalid, line_of
from workers.manifests.yaml_composing import compose, without_marks
from workers.manifests.yaml_loading import load

_LIST = ("v1", "List")


def read_manifests(
    text: str, file: str, *, largest: int = LARGEST_FILE_CHARACTERS, allowance: Allowance | None = None
) -> list[Manifest]:
    """Read every object of a YAML or JSON text; empty documents are skipped, lists are taken apart.

    As for kubectl, a text is JSON where it begins with a brace, whatever its file is called. Who reads several files
    gives them one allowance.

    Raises:
        InvalidManifest: with file:line:column. Of text that is none at all, the first thing that is wrong; of objects
            that lack what every object has, each (`Unread`).
    """
    if len(text) > largest:
        raise InvalidManifest(f"{file}: the file is larger than {largest >> 20} MiB: split it")
    wrong: list[InvalidManifest] = []
    text = without_marks(text)
    nodes: Callable[[], Iterable[Node]] = partial(json_nodes, text)
    documents: Iterable[Document] | None = None
    if text.lstrip()[:1] == "{":
        try:
            documents = load_json(text, file, wrong)
        except NotJson as error:
            if PurePosixPath(file).suffix.lower() == ".json":
                raise error.refusal from error
    if documents is None:
        documents, nodes = load(text, file, largest=largest, wrong=wrong), partial(compose, text, file, largest=largest)
    reader = _Reader(file, Places(file, text, nodes, allowance or Allowance()))
    found: list[Manifest] = []
    try:
        for document in documents:
            try:
                found += reader.objects(document.data, document.node)
            except InvalidManifest as mistake:
                wrong.append(mistake)
    except InvalidManifest as no_text:
        wrong.append(no_text)
    if wrong:
        raise Unread(wrong, found)
    return found


class _Reader:
    """Takes the documents of one file apart."""

    def __init__(self, file: str, places: Places) -> None:
        self._file = file
        self._places = places

    def objects(self, data: Any, node: Node) -> Iterator[Manifest]:
        """Give an object, or each of a list's."""
        if not isinstance(data, dict):
            raise invalid(self._file, node, f"an object was expected here, this is {_kind_of(data)}")
        if not _is_list(data):
            yield self._object(data, node)
            return
        items, nodes = data["items"], items_of(node)
        if not isinstance(items, list | None):
            raise self._refused(node, ("items",), f"items of {printable(data['kind'])} must be a list")
        for index, item in enumerate(items or ()):
            yield from self.objects(_typed(item, data), nodes[index] if index < len(nodes) else node)

    def _object(self, body: dict[str, Any], node: Node) -> Manifest:
        for field in ("apiVersion", "kind"):
            if not isinstance(body.get(field), str) or not body[field]:
                raise self._not_text(node, (field,), field, body.get(field))
        kind = printable(body["kind"])
        if (body["apiVersion"], kind) == _LIST:
            raise invalid(self._file, node, "List has no items: write `items: []` where it is meant to be empty")
        metadata = body.get("metadata")
        if not isinstance(metadata, dict):
            wrong = f"{kind} has no metadata" if metadata is None else f"metadata of {kind} must be a mapping"
            raise self._refused(node, ("metadata",), wrong)
        named = "generateName" if "name" not in metadata and "generateName" in metadata else "name"
        if named == "generateName" and not directives_in(body).is_hook:
            wrong = f"{kind} has generateName, which makes a new object on every deployment: give it a name"
            raise self._refused(node, ("metadata", named), wrong, by_name=True)
        if metadata.get(named) in (None, ""):
            raise self._refused(node, ("metadata", named), f"{kind} has no metadata.{named}")
        for field in (named, "namespace"):
            if not isinstance(metadata.get(field), str | None):
                raise self._not_text(node, ("metadata", field), f"metadata.{field} of {kind}", metadata[field])
        group, _, version = body["apiVersion"].rpartition("/")
        if not version or "/" in group:
            wrong = (
                f"apiVersion {quoted(body['apiVersion'])} of {kind}: write a version (v1) or group/version (apps/v1)"
            )
            raise self._refused(node, ("apiVersion",), wrong)
        # A hook is made anew in every run; until then it is called by the beginning of its name, which no name can be.
        ref = Ref(group, body["kind"], metadata.get("namespace") or "", metadata[named])
        return Manifest(
            ref=ref,
            version=version,
            body=body,
            file=self._file,
            line=line_of(node),
            column=column_of(node),
            written=self._places,
        )

    def _not_text(self, node: Node, path: Path, what: str, value: Any) -> InvalidManifest:
        if value is None:
            return invalid(self._file, node, f"{what} is missing")
        if value == "":
            return self._refused(node, path, f"{what} is missing")
        start = (line_of(node), column_of(node))
        hint = (
            f": quote it{as_written(self._places.word_at(start, path), value)}"
            if isinstance(value, int | float)
            else ""
        )
        return self._refused(node, path, f"{what} must be text{hint}")

    def _refused(self, node: Node, path: Path, message: str, *, by_name: bool = False) -> InvalidManifest:
        spot = self._places.spot((line_of(node), column_of(node)), path, by_name=by_name)
        return InvalidManifest(f"{spot}: {message}")


def _is_list(data: Mapping[str, Any]) -> bool:
    """Tell a list from an object whose kind merely ends in List: lists have items and no name."""
    kind, metadata = data.get("kind"), data.get("metadata")
    if not isinstance(kind, str) or not kind.endswith("List") or "items" not in data:
        return False
    return (data.get("apiVersion"), kind) == _LIST or not (isinstance(metadata, dict) and "name" in metadata)


def _typed(item: Any, holder: Mapping[str, Any]) -> Any:
    """Give an item of a typed list (`ConfigMapList`) the kind that the API leaves out there."""
    if isinstance(item, dict) and not item.get("kind") and not item.get("apiVersion") and holder["kind"] != "List":
        return {**item, "apiVersion": holder.get("apiVersion"), "kind": holder["kind"].removesuffix("List")}
    return item


def _kind_of(data: Any) -> str:
    words = {list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return words.get(type(data), "nothing")
