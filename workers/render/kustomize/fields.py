"""A kustomization's fields with the places they stand at, by the names that Go would take them for."""

import posixpath
from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import RenderFailed
from workers.manifests.decoding import decode
from workers.manifests.words import invalid
from workers.manifests.yaml_loading import load
from workers.manifests.yaml_scalars import is_merge

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def is_kustomization(file: str) -> bool:
    """Say whether a path names a kustomization file."""
    return posixpath.basename(file) in NAMES


def fields_of(raw: bytes, file: str) -> dict[str, Node]:
    """Give the fields of a kustomization by name, in lower case.

    Go reads names in any case, folded as Unicode has it (U+017F is an s), and of two of one name it takes one or the
    other. So ours are folded too, and none may be hidden by another one or come in by a merge.

    Raises:
        InvalidManifest: it is not YAML, or a field stands there twice.
    """
    fields: dict[str, Node] = {}
    for document in load(decode(raw, file), file):
        for key, value in document.node.value if isinstance(document.node, MappingNode) else ():
            name = str(key.value).casefold()
            if name in fields or is_merge(key):
                raise invalid(file, key, f"{cut(str(key.value))} must be written out, and once in a kustomization")
            fields[name] = value
    return fields


def scalars(node: Node | None, names: tuple[str, ...]) -> Iterator[ScalarNode]:
    """Give the plain words that stand below a node under these names, in lower case, through any lists and merges."""
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from scalars(item, names)
    elif isinstance(node, MappingNode) and names:
        for key, value in node.value:
            if is_merge(key):
                yield from scalars(value, names)
            elif str(key.value).casefold() == names[0]:
                yield from scalars(value, names[1:])
    elif isinstance(node, ScalarNode) and not names:
        yield node


def refused(file: str, node: Node, why: str) -> RenderFailed:
    """Make the error that names a node's place."""
    mark = node.start_mark
    return RenderFailed(f"{file}:{mark.line + 1}:{mark.column + 1}: {why}")


def cut(word: str) -> str:
    """Quote a word, and not all of a very long one."""
    return repr(word if len(word) <= 60 else f"{word[:59]}…")
