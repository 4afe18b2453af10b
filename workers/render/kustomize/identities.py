"""Which objects stand in a text, and on which line: by their first words, and parsed only where those are unusual.

This is done for each file of each build, so that every object knows its file; parsing all of them again would cost a
tenth of kustomize's own time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yaml.nodes import Node

from pushboat.errors import InvalidManifest
from workers.manifests.places import items_of
from workers.manifests.words import column_of, line_of
from workers.manifests.yaml_composing import compose
from workers.render.kustomize.fields import scalars

_SEPARATOR = re.compile(r"^---(.*)\n?", re.MULTILINE)
_WORD = r"[ \t]*(?P<quote>[\"']?)(?P<word>[\w./-]+)(?P=quote)[ \t]*(?:#.*)?$"
_API = re.compile(rf"^apiVersion:{_WORD}", re.MULTILINE)
_KIND = re.compile(rf"^kind:{_WORD}", re.MULTILINE)
_METADATA = re.compile(r"^metadata:[ \t]*(?:#.*)?\n(?P<block>(?:(?:[ \t]+.*|[ \t]*|#.*)\n)*)", re.MULTILINE)
_FIRST_KEY = re.compile(r"^(?P<indent>[ ]+)[\w\"']", re.MULTILINE)
_BEGIN = re.compile(r"^(?![ \t]*(?:#|$|%))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Identity:
    """One object of a text: what it is called there, and the line and the column that it begins at."""

    group: str
    kind: str
    namespace: str
    name: str
    line: int
    column: int = 1


def identities(text: str, file: str) -> list[Identity]:
    """List the objects of a text; of one that cannot be read there are none."""
    if text.lstrip().startswith("{"):
        return _parsed(text, file, 0)
    found: list[Identity] = []
    begin, line = 0, 0
    for separator in (*_SEPARATOR.finditer(text), None):
        document = text[begin : separator.start() if separator else len(text)]
        if _BEGIN.search(document):
            quick = _quick(document, line)
            found += [quick] if quick else _parsed(document, file, line)
        if separator:
            unusual = separator[1].strip() and not separator[1].strip().startswith("#")
            if unusual:
                return _parsed(text, file, 0)
            line += text.count("\n", begin, separator.end())
            begin = separator.end()
    return found


def _quick(document: str, line: int) -> Identity | None:
    """Read the first words of a document in the usual layout; None for any other."""
    document = f"{document}\n"
    api, kind, metadata = _API.search(document), _KIND.search(document), _METADATA.search(document)
    if api is None or kind is None or metadata is None or kind["word"].endswith("List"):
        return None
    first = _FIRST_KEY.search(metadata["block"])
    if first is None:
        return None
    name = re.search(rf"^{first['indent']}name:{_WORD}", metadata["block"], re.MULTILINE)
    if name is None:
        return None
    namespace = re.search(rf"^{first['indent']}namespace:{_WORD}", metadata["block"], re.MULTILINE)
    begin = _BEGIN.search(document)
    at = line + document.count("\n", 0, begin.start() if begin else 0) + 1
    group = api["word"].rpartition("/")[0]
    return Identity(group, kind["word"], namespace["word"] if namespace else "", name["word"], at)


def _parsed(text: str, file: str, line: int) -> list[Identity]:
    try:
        nodes = [*compose(text, file)]
    except InvalidManifest:
        return []
    return [found for node in nodes for found in _of_node(node, line)]


def _of_node(node: Node, line: int) -> Iterator[Identity]:
    api, kind, namespace, name = (
        next((str(word.value) for word in scalars(node, names)), "")
        for names in (("apiversion",), ("kind",), ("metadata", "namespace"), ("metadata", "name"))
    )
    items = items_of(node)
    if items and not name:
        for item in items:
            yield from _of_node(item, line)
    elif kind and name:
        yield Identity(api.rpartition("/")[0], kind, namespace, name, line_of(node) + line, column_of(node))
