"""What a kustomization refers to: the folders it builds upon, and what we refuse before kustomize ever sees it.

kustomize's load restrictor keeps it inside the folders it was given, but it would fetch URLs and clone repositories.
We refuse whatever looks remote, in any field but those that hold plain text, with its line.
"""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest, RenderFailed
from workers.manifests.reading import decode
from workers.manifests.yaml_loading import invalid, line_of, load
from workers.source.paths import fits

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_FOLDERS = ("resources", "bases", "components", "generators", "transformers", "validators")
"""Fields whose entries may be folders."""
_PLUGINS = ("generators", "transformers", "validators")
_TEXT = {
    "literals", "annotations", "labels", "commonlabels", "commonannotations", "patch", "images", "metadata",
    "openapi.version", "fieldspecs", "namespace", "nameprefix", "namesuffix", "vars", "delimiter",
}  # fmt: skip
"""Fields, in lower case, that hold words and not places; a URL in an annotation is nobody's business."""
_REMOTE = re.compile(
    r"[a-z][a-z0-9+.-]*://|git::|gh:|(www\.)?github\.com[/:]|[^/\s@]+@[^/\s:]+[:/]|oci:", re.IGNORECASE
)
_QUERY = re.compile(r"[?&](ref|version|submodules|timeout)=", re.IGNORECASE)
_FUNCTION = re.compile(r"config\.(kubernetes|k8s)\.io/function")


def is_kustomization(file: str) -> bool:
    """Say whether a path names a kustomization file."""
    return posixpath.basename(file) in NAMES


def references(file: str, content: bytes) -> list[str]:
    """List what a kustomization refers to outside of itself, relative to the repository.

    Unreadable files refer to nothing here: their error is told when they are rendered.
    """
    try:
        fields = _fields(content, file)
    except InvalidManifest:
        return []
    return [
        path for name in _FOLDERS for entry in _entries(fields.get(name)) if (path := _inside(file, entry)) is not None
    ]


def demand_local(root: Path, folder: str) -> None:
    """Walk every kustomization that the folder's own one reaches and refuse what would leave the checkout.

    Raises:
        RenderFailed: something remote, a chart, a function or a plugin; with file and line.
        InvalidManifest: a kustomization that is not YAML.
    """
    seen: set[str] = set()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        for name in NAMES:
            file = posixpath.join(here, name)
            if (root / file).is_file():
                waiting += _judge(root, file)


def _judge(root: Path, file: str) -> Iterator[str]:
    """Refuse what one kustomization must not ask for; give the folders that it leads to."""
    fields = _fields((root / file).read_bytes(), file)
    for name, node in fields.items():
        if name.startswith("helm"):
            raise _refused(file, node, "helm charts are not supported in a kustomization: commit the rendered chart")
        _refuse_remote(file, name, node, set())
    for name in _FOLDERS:
        for entry in _entries(fields.get(name)):
            path = _inside(file, entry)
            if path is None and "\n" not in entry.value.strip() and entry.value:
                raise _refused(file, entry, f"{_cut(entry.value)} is outside of this repository: copy it here")
            if path is not None and (root / path).is_dir():
                yield path
            elif name in _PLUGINS:
                _judge_plugin(root, file, entry, path)


def _judge_plugin(root: Path, file: str, entry: ScalarNode, path: str | None) -> None:
    """Refuse generators and transformers that run programs or reach out, inline or in a file of their own."""
    inline = path is None or not (root / path).is_file()
    text = entry.value if inline else decode((root / str(path)).read_bytes(), str(path))
    for document in load(text, file if inline else str(path)):
        where = (file, entry) if inline else (str(path), document.node)
        if _FUNCTION.search(text):
            raise _refused(*where, "functions (containers, programs) are not supported in a kustomization")
        _refuse_remote(where[0], "", document.node, set())


def _refuse_remote(file: str, name: str, node: Node, seen: set[int]) -> None:
    """Refuse every place below a field that is not in this repository; `seen` keeps aliases from multiplying."""
    if name.casefold() in _TEXT or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, MappingNode):
        for key, value in node.value:
            _refuse_remote(file, str(key.value), value, seen)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            _refuse_remote(file, name, item, seen)
    elif _is_remote(node.value):
        raise _refused(
            file, node, f"{_cut(node.value)} is not in this repository: copy it here, Pushboat fetches nothing"
        )


def _is_remote(word: str) -> bool:
    if "\n" in word.strip():  # an inline document, not a place
        return False
    places = (word.strip(), word.partition("=")[2].strip())  # generators write `name=place`
    return any(_REMOTE.match(place) for place in places) or bool(_QUERY.search(word))


def _cut(word: str) -> str:
    return repr(word if len(word) <= 60 else f"{word[:59]}…")


def _fields(raw: bytes, file: str) -> dict[str, Node]:
    """Give the fields of a kustomization by name.

    Go reads names in any case, folded as Unicode has it (U+017F is an s), and of two of one name it takes one or the
    other. So ours are folded too, and none may be hidden by another one or come in by a merge.
    """
    fields: dict[str, Node] = {}
    for document in load(decode(raw, file), file):
        for key, value in document.node.value if isinstance(document.node, MappingNode) else ():
            name = str(key.value).casefold()
            if name in fields or key.tag == "tag:yaml.org,2002:merge":
                raise invalid(file, key, f"{_cut(str(key.value))} must be written out, and once in a kustomization")
            fields[name] = value
    return fields


def _entries(node: Node | None) -> list[ScalarNode]:
    return [item for item in node.value if isinstance(item, ScalarNode)] if isinstance(node, SequenceNode) else []


def _inside(file: str, entry: ScalarNode) -> str | None:
    """Give the path that an entry names, relative to the repository, or None for what is not inside it."""
    if not entry.value or not entry.value.isprintable() or entry.value.startswith("/") or _is_remote(entry.value):
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), entry.value))
    if path == ".." or path.startswith("../") or not fits(path):
        return None
    return "" if path == "." else path


def _refused(file: str, node: Node, why: str) -> RenderFailed:
    return RenderFailed(f"{file}:{line_of(node)}: {why}")
