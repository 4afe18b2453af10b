"""YAML and JSON of SOPS taken apart, as nodes with their places: nothing is written anew, so comments and lines stay.

A file's first document says what holds for all of them; each has a block of its own that is cut away.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from workers.manifests.words import DEEPEST_LEVEL, column_of, line_of
from workers.manifests.yaml_composing import compose
from workers.manifests.yaml_scalars import PLAIN, QUOTED
from workers.sops.values import is_sealed, of_float, of_time
from workers.sops.words import Encrypted, Form, Leaf, refused

BLOCK = "sops"
_PROOF = "mac"
_NULL = ("", "~", "null", "Null", "NULL")
_BOOL = {**dict.fromkeys(("true", "True", "TRUE"), b"True"), **dict.fromkeys(("false", "False", "FALSE"), b"False")}
_INT = re.compile(r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)")
_OLD_OCTAL = re.compile(r"[-+]?0[0-7_]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})?)?")
_LONGEST_NUMBER = 100
"""Characters of a number, or a time, that sops writes."""
_MOST_STEPS = 10
"""In a key of a flat file: `age__list_0__map_enc` has three."""
_BETWEEN = ", \t\r\n"


def read(text: str, file: str, form: Form) -> Encrypted | None:
    """Take a file apart; None where its first document says nothing of SOPS.

    Raises:
        InvalidManifest: it is not YAML.
        DecryptionFailed: it says so, and holds what SOPS never writes.
    """
    flat = text.replace("\t", " ") if form is Form.JSON else text  # no tab stands within a string of JSON
    documents = list(compose(flat, file))
    block = _block(documents[0]) if documents else None
    if block is None or not isinstance(block[1], MappingNode):
        return None
    about = _data(block[1], file, set())
    if not isinstance(about, dict) or _PROOF not in about:
        return None
    leaves: list[Leaf] = []
    cuts = []
    for document in documents:
        if not isinstance(document, MappingNode):
            if isinstance(document, ScalarNode) and document.tag == PLAIN and document.value in _NULL:
                continue
            raise refused(f"{file}:{line_of(document)}", "an encrypted document must be an object")
        leaves += _Walk(file, form).leaves(document)
        if (own := _block(document)) is not None:
            cuts.append(_stretch(text, document, own))
    return Encrypted(file=file, form=form, text=text, leaves=leaves, cuts=cuts, about=about, line=line_of(block[0]))


def _block(document: Node) -> tuple[Node, Node] | None:
    pairs = document.value if isinstance(document, MappingNode) else ()
    return next(((key, value) for key, value in pairs if isinstance(key, ScalarNode) and key.value == BLOCK), None)


class _Walk:
    """One document's values in the order in which they stand; a list's items have their list's keys."""

    def __init__(self, file: str, form: Form) -> None:
        self._file = file
        self._form = form
        self._seen: set[int] = set()

    def leaves(self, document: MappingNode) -> Iterator[Leaf]:
        """Give them, but for those of the block about SOPS."""
        yield from self._mapping(document, (), 0)

    def _value(self, node: Node, path: tuple[str, ...], depth: int) -> Iterator[Leaf]:
        if depth > DEEPEST_LEVEL:
            raise refused(f"{self._file}:{line_of(node)}", f"nested more than {DEEPEST_LEVEL} levels deep")
        if id(node) in self._seen:
            raise refused(f"{self._file}:{line_of(node)}", "an encrypted file has no aliases: write it out")
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            yield from self._mapping(node, path, depth)
        elif isinstance(node, SequenceNode):
            for item in node.value:
                yield from self._value(item, path, depth + 1)
        elif isinstance(node, ScalarNode) and (leaf := self._leaf(node, path)) is not None:
            yield leaf

    def _mapping(self, node: MappingNode, path: tuple[str, ...], depth: int) -> Iterator[Leaf]:
        known: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or key.value == "<<" or key.value in known:
                raise refused(
                    f"{self._file}:{line_of(key)}", "each key of an encrypted file is text, and stands there once"
                )
            known.add(key.value)
            if depth or key.value != BLOCK:
                yield from self._value(value, (*path, str(key.value)), depth + 1)

    def _leaf(self, node: ScalarNode, path: tuple[str, ...]) -> Leaf | None:
        word = str(node.value)
        sealed = is_sealed(word)
        plain = None if sealed else self._plain(node, word)
        if not sealed and plain is None:
            return None
        return Leaf(
            path=path,
            word=word,
            plain=plain,
            start=node.start_mark.index,
            end=node.end_mark.index,
            line=line_of(node),
            column=column_of(node),
        )

    def _plain(self, node: ScalarNode, word: str) -> bytes | None:
        """Give what the proof is made of, as Go reads the word; None for nothing."""
        if node.tag not in (PLAIN, QUOTED):
            raise refused(f"{self._file}:{line_of(node)}:{column_of(node)}", "an encrypted file has no tags of YAML")
        if node.tag == QUOTED:
            return word.encode("utf-8", "surrogatepass")
        return None if word in _NULL else _read(word, exact=self._form is not Form.JSON)


def _read(word: str, *, exact: bool) -> bytes:
    if len(word) > _LONGEST_NUMBER:
        return word.encode("utf-8", "surrogatepass")
    if word in _BOOL:
        return _BOOL[word]
    if _FLOAT.fullmatch(word) and not (exact and _INT.fullmatch(word)):
        return of_float(float(word))
    if _INT.fullmatch(word):
        digits = word.replace("_", "")
        with suppress(ValueError):  # 0812 is no number of base eight, and one with a point then
            if _OLD_OCTAL.fullmatch(word):
                return str(int(digits, 8)).encode()
            return str(int(digits, 0 if digits.lstrip("+-")[:1] == "0" else 10)).encode()
        if _FLOAT.fullmatch(word):
            return of_float(float(word))
    return of_time(word) if _TIME.fullmatch(word) else word.encode("utf-8", "surrogatepass")


def _stretch(text: str, document: MappingNode, block: tuple[Node, Node]) -> tuple[int, int]:
    """Say what of a document is about SOPS; within braces a comma goes with it."""
    key, value = block
    start, end = int(key.start_mark.index), int(value.end_mark.index)
    if document.flow_style:
        number = [each for each, _ in document.value].index(key)
        if number:
            return int(document.value[number - 1][1].end_mark.index), end
        while end < len(text) and text[end] in _BETWEEN:
            end += 1
    return start, end


def _data(node: Node, file: str, seen: set[int], depth: int = 0) -> Any:
    """Read what is said about SOPS: words in mappings and lists, none of which stands there twice by an alias."""
    if depth > DEEPEST_LEVEL:
        raise refused(f"{file}:{line_of(node)}", f"nested more than {DEEPEST_LEVEL} levels deep")
    if isinstance(node, MappingNode | SequenceNode):
        if id(node) in seen:
            raise refused(f"{file}:{line_of(node)}", "an encrypted file has no aliases of YAML")
        seen.add(id(node))
    if isinstance(node, MappingNode):
        if strange := next((key for key, _ in node.value if not isinstance(key, ScalarNode)), None):
            raise refused(f"{file}:{line_of(strange)}", "what is said about SOPS has plain words for keys")
        return {str(key.value): _data(value, file, seen, depth + 1) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_data(item, file, seen, depth + 1) for item in node.value]
    return None if node.tag == PLAIN and node.value in _NULL else str(node.value)


def is_binary(encrypted: Encrypted) -> bool:
    """Say whether a JSON file of SOPS stands for one that is no JSON: `data` is all that it holds."""
    return encrypted.form is Form.JSON and {leaf.path for leaf in encrypted.leaves} == {("data",)}


def about_of(flat: Mapping[str, str]) -> dict[str, Any]:
    """Give what is said about SOPS where every key is one word: `age__list_0__map_enc`."""
    made: dict[str, Any] = {}
    for key, word in flat.items():
        steps = re.split(r"__(?=map_|list_\d)", key)
        if len(steps) > _MOST_STEPS:
            continue  # whoever looks for what sops would have written there misses it
        holder = made
        for step, following in zip(steps, [*steps[1:], ""], strict=True):
            name = step.removeprefix("map_") if step is not steps[0] else step
            if not following:
                holder[name] = word.replace("\\n", "\n")
            else:
                below = holder.setdefault(name, {})
                holder = below if isinstance(below, dict) else {}
    return {key: _lists(value) for key, value in made.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.startswith("list_") for key in value):
        return [_lists(each) for each in value.values()]
    return {key: _lists(each) for key, each in value.items()}
