"""Charts that a kustomization inflates: only those that stand in the repository, and nothing that Helm takes otherwise.

kustomize hands these words to Helm as they are. So none may begin like an option, no path may hold a comma, by which
Helm takes paths apart, and no folder of Helm's own, where plugins could lie, may be chosen.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.config.helm import CHART
from workers.render.helm.archives import Archive, pack
from workers.render.helm.assembling import Part, assemble
from workers.render.helm.contents import flat
from workers.render.helm.judging import demand_harmless
from workers.render.kustomize.fields import cut, refused, scalars
from workers.render.kustomize.references import DEFAULT_CHART_HOME, inside
from workers.render.kustomize.repository_charts import NAME, chart_of

_PATHS = ("name", "valuesfile", "additionalvaluesfiles")
_VALUES = "valuesinline"
_OF_CLUSTER = {"kubeversion": "kubeVersion", "apiversions": "apiVersions"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflated:
    """What a kustomization inflates: its charts, and where it says itself for what cluster (`file:line`, by field)."""

    file: str
    charts: tuple[Part, ...]
    said: Mapping[str, str] = field(default_factory=dict)


def judge_charts(root: Path, file: str, fields: Mapping[str, Node]) -> Inflated | None:
    """Give what a kustomization inflates, all of which may be, or None; archives in its charts are packed anew.

    Raises:
        RenderFailed: one may not: it is elsewhere, not there, or would have Helm do something else.
        InvalidManifest: a file of a chart cannot be read.
    """
    if old := fields.get("helmchartinflationgenerator"):
        raise refused(file, old, "helmChartInflationGenerator is kustomize's former name: write `helmCharts`")
    homes = list(_homes(file, fields.get("helmglobals")))
    node = fields.get("helmcharts")
    if node is None:
        return None
    entries = list(node.value) if isinstance(node, SequenceNode) else [node]
    found = (part for entry in entries for part in _judge_entry(root, file, entry, homes or [DEFAULT_CHART_HOME]))
    words = ((name, word) for name in _OF_CLUSTER for entry in entries for word in scalars(entry, (name,)))
    said = {_OF_CLUSTER[name]: f"{file}:{word.start_mark.line + 1}" for name, word in words}
    return Inflated(file=file, charts=tuple(found), said=said)


def _homes(file: str, node: Node | None) -> Iterator[str]:
    for key, value in node.value if isinstance(node, MappingNode) else ():
        if str(key.value).casefold() != "charthome" or not isinstance(value, ScalarNode) or "," in str(value.value):
            raise refused(file, key, "of `helmGlobals` only `chartHome` is supported, one path: remove the rest")
        yield str(value.value)


def _judge_entry(root: Path, file: str, entry: Node, homes: list[str]) -> Iterator[Part]:
    for word in _words(entry, set()):
        if str(word.value).startswith("-"):
            raise refused(file, word, f"{cut(str(word.value))} begins with '-': Helm would take it for an option")
    _demand_whole_paths(file, entry)
    names = list(scalars(entry, ("name",)))
    if not names:
        raise refused(file, entry, "this chart has no `name`")
    for name in names:
        if not NAME.fullmatch(str(name.value)):
            raise refused(file, name, "a chart's name is its folder: letters, digits, '-', '_', '.' and '/'")
        pulled = chart_of(entry)
        for repo in (word for word in scalars(entry, ("repo",)) if word.value and pulled is None):
            raise refused(file, repo, "beside `repo` a `version` is one version: letters, digits, '.', '-' and '+'")
        place = pulled.place if pulled else str(name.value)
        for home in homes:
            yield _judge_chart(root, file, name, inside(posixpath.dirname(file), posixpath.join(home, place)))


def _demand_whole_paths(file: str, entry: Node) -> None:
    for word in (word for name in _PATHS for word in scalars(entry, (name,))):
        if "," in str(word.value):
            raise refused(file, word, "a path here must not hold a comma: rename the file")


def _judge_chart(root: Path, file: str, name: ScalarNode, folder: str | None) -> Part:
    if folder is None or not (root / folder / CHART).is_file():
        at = f"{folder}/{CHART}" if folder else cut(str(name.value))
        raise refused(file, name, f"{at} is not in this repository: commit the chart there, or say its `repo`")
    chart = assemble(root, folder)
    demand_harmless(flat(chart.files, folder))
    for path, content in chart.files.items():  # no archive may say one thing to us and another to Helm's reader
        if isinstance(content, Archive) and (root / folder / path).is_file():
            (root / folder / path).write_bytes(pack(content))
    return chart


def _words(node: Node, seen: set[int]) -> Iterator[ScalarNode]:
    """Give every word of an entry but its values; `seen` keeps aliases from multiplying."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _words(item, seen)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if str(key.value).casefold() != _VALUES:
                yield from _words(value, seen)
