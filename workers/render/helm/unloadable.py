"""What Helm does not take of a chart's own files, before any template of it: told with the file and the line in it."""

import re
from collections.abc import Iterator, Sequence

from yaml.nodes import MappingNode, Node

from pushboat.config.helm import CHART
from pushboat.errors import InvalidManifest
from workers.manifests.decoding import decode
from workers.manifests.words import invalid
from workers.manifests.yaml_loading import load
from workers.render.helm.assembling import Part
from workers.render.helm.contents import beside
from workers.render.helm.judging import VALUES

_WITHIN = re.compile(r"error unpacking subchart (?P<name>\S+) in \S+: ")
_VALUES = re.compile(r"cannot load values\.yaml: (?P<why>.*)", re.DOTALL)
_LINE = re.compile(r"yaml: line (?P<line>\d+): (?P<why>[^\n]+)")
_MISSING = re.compile(r"validation: chart\.metadata\.(?P<field>\w+) is required")
_TOO_OLD = re.compile(r"chart requires kubeVersion: (?P<wanted>.+) which is incompatible with Kubernetes (?P<have>\S+)")
_LIBRARY = "library charts are not installable"


def sentence_of(text: str, chart: Part) -> str:
    """Say what is wrong in which of a chart's own files; nothing where Helm says something else."""
    named = ""
    while within := _WITHIN.match(text):
        named, text = within["name"], text[within.end() :]
    inner = list(_inner(chart)) if named else [chart]
    at = next((each for each in inner if each.name == named), chart)
    if values := _VALUES.match(text):
        return _of_values([at, *inner], values["why"])
    if missing := _MISSING.match(text):
        return f"{_place(at, '')}: `{missing['field']}` is missing: every chart has one"
    if old := _TOO_OLD.match(text):
        has = f"this chart is for Kubernetes {old['wanted']}, and the cluster has {old['have']}"
        return f"{_place(at, 'kubeVersion')}: {has}"
    if text.startswith(_LIBRARY):
        return f"{_place(at, 'type')}: a library renders nothing by itself: name a chart of `type: application`"
    return ""


def _inner(chart: Part) -> Iterator[Part]:
    for each in chart.within:
        yield each
        yield from _inner(each)


def _of_values(charts: Sequence[Part], why: str) -> str:
    """Say it as of a values file beside a chart; where our reading finds nothing, with Helm's own line.

    Of an archive Helm does not say which one it is: the first chart of these with such a mistake is meant.
    """
    for chart in charts:
        shown, raw = beside(chart.shown, VALUES), chart.files.get(VALUES)
        try:
            for document in load(decode(raw, shown), shown) if isinstance(raw, bytes) else ():
                if not isinstance(document.node, MappingNode):
                    raise invalid(shown, document.node, "values must be a mapping: key: value")
        except InvalidManifest as error:
            return error.summary
    shown, line = beside(charts[0].shown, VALUES), _LINE.search(why)
    return f"{shown}:{line['line']}: {line['why']}" if line else f"{shown}: {' '.join(why.split())}"


def _place(chart: Part, field: str) -> str:
    """Name the line of a field in Chart.yaml, or the file alone."""
    shown, raw = beside(chart.shown, CHART), chart.files.get(CHART)
    for key in _keys(next(iter(load(decode(raw, shown), shown))).node) if isinstance(raw, bytes) else ():
        if key.value == field:
            return f"{shown}:{key.start_mark.line + 1}:{key.start_mark.column + 1}"
    return shown


def _keys(node: Node | None) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        yield from (key for key, _ in node.value)
