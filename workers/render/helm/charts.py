"""What a chart says of itself: its name, and the charts that it depends on, each with its place in the file.

Helm reads names of fields in any case, so ours are folded; what is wrong with a field is left to Helm to say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.config.helm import CHART
from pushboat.errors import RenderFailed
from workers.manifests.decoding import decode
from workers.manifests.words import invalid, line_of
from workers.manifests.yaml_loading import load

REQUIREMENTS = "requirements.yaml"
"""Where charts of Helm 2 (`apiVersion: v1`) have their dependencies; Helm reads it still."""
LOCAL = "file://"
_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,250}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """A chart that another one needs; `place` is where that is said, `local` the path behind file://, or empty."""

    name: str
    version: str
    repository: str
    alias: str
    place: str

    @property
    def local(self) -> str:
        """Give the path of a chart beside this one, as it is written; empty for one from elsewhere."""
        return self.repository.removeprefix(LOCAL) if self.repository.startswith(LOCAL) else ""


def is_chart(file: str) -> bool:
    """Say whether a path names a file in which a chart says what it depends on."""
    return file.rpartition("/")[2] in (CHART, REQUIREMENTS)


def name_of(raw: bytes, shown: str) -> str:
    """Give a chart's name.

    Raises:
        InvalidManifest: the file is not YAML.
        RenderFailed: it has no name, or one that would lead out of a folder.
    """
    node = _fields(raw, shown).get("name")
    name = str(node.value) if isinstance(node, ScalarNode) else ""
    if not _NAME.fullmatch(name) or set(name) <= {"."}:
        where = line_of(node) if node is not None else 1
        raise RenderFailed(f"{shown}:{where}: a chart's name must be letters, digits, '-', '_' and '.'")
    return name


def dependencies(raw: bytes, shown: str) -> tuple[Dependency, ...]:
    """List what a Chart.yaml or requirements.yaml depends on.

    Raises:
        InvalidManifest: the file is not YAML.
    """
    node = _fields(raw, shown).get("dependencies")
    entries = node.value if isinstance(node, SequenceNode) else ()
    return tuple(_dependency(entry, shown) for entry in entries if isinstance(entry, MappingNode))


def _dependency(node: MappingNode, shown: str) -> Dependency:
    said = {name: str(value.value) for name, value in _pairs(node, shown) if isinstance(value, ScalarNode)}
    return Dependency(
        name=said.get("name", ""),
        version=said.get("version", ""),
        repository=said.get("repository", ""),
        alias=said.get("alias", ""),
        place=f"{shown}:{line_of(node)}",
    )


def _fields(raw: bytes, shown: str) -> Mapping[str, Node]:
    documents = list(load(decode(raw, shown), shown))
    first = documents[0].node if documents else None
    return dict(_pairs(first, shown)) if isinstance(first, MappingNode) else {}


def _pairs(node: MappingNode, shown: str) -> Iterator[tuple[str, Node]]:
    """Give a mapping's fields; one that comes in by a merge, or twice in other letters, is a way to say two things."""
    seen = set()
    for key, value in node.value:
        name = str(key.value).casefold()
        if name in seen or key.tag == "tag:yaml.org,2002:merge":
            raise invalid(shown, key, "every field of a chart must be written out, and once")
        seen.add(name)
        yield name, value
