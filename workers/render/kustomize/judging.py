"""What we refuse of a kustomization before kustomize ever sees it, each with file, line and column.

kustomize's load restrictor keeps it inside the folders it was given, but it would fetch URLs and clone repositories,
and what it says of a file that is missing or lies elsewhere helps nobody. So every word that names a place is judged.
"""

import posixpath
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from yaml.nodes import MappingNode, Node, SequenceNode

from pushboat.errors import RenderFailed
from workers.manifests.decoding import decode
from workers.manifests.pointers import POINTER, is_pointer
from workers.manifests.yaml_loading import load
from workers.render.kustomize.charts import Inflated, judge_charts
from workers.render.kustomize.fields import NAMES, cut, fields_of, refused
from workers.render.kustomize.naming import ABSENT
from workers.render.kustomize.references import (
    FOLDERS,
    GENERATORS,
    MOST_READINGS,
    PLUGINS,
    Reading,
    inside,
    plugin_readings,
    readings,
)
from workers.render.kustomize.remote import has_scheme, is_cloned, looks_remote
from workers.render.kustomize.repository_charts import charts_of

_TEXT = {
    "literals", "annotations", "labels", "commonlabels", "commonannotations", "patch", "images", "metadata",
    "openapi.version", "fieldspecs", "namespace", "nameprefix", "namesuffix", "vars", "delimiter",
}  # fmt: skip
"""Fields, in lower case, that hold words and not places; a URL in an annotation is nobody's business."""
_FUNCTION = re.compile(r"config\.(kubernetes|k8s)\.io/function")
_FIRST_BYTES = 64
FETCHED = "resources, components and charts"
MOST_VISITS = 2_000
"""Kustomizations, each as often as one builds upon it."""
FEWEST_ALIASES = 10
"""Signs of aliases below which a file cannot expand to much."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a kustomization leads to: all kustomizations, what they read as YAML, and what of that is objects.

    Paths in the repository, in the order in which kustomize comes by.
    """

    kustomizations: tuple[str, ...]
    read: tuple[str, ...]
    resources: tuple[str, ...]
    charts: tuple[Inflated, ...] = ()


@dataclass(slots=True)
class _Seen:
    """What was come by so far: what is read, who inflates charts, and who has generators."""

    read: list[Reading] = field(default_factory=list)
    charts: list[Inflated] = field(default_factory=list)
    generators: list[tuple[str, Node]] = field(default_factory=list)


def judge(root: Path, folder: str) -> Reached:
    """Walk every kustomization that the folder's own one reaches and refuse what kustomize must not or will not read.

    Raises:
        RenderFailed: a place elsewhere, outside of its folder or not there, a pointer, a chart, a function or a plugin.
        InvalidManifest: a kustomization that is not YAML.
    """
    seen: set[tuple[str, bool]] = set()
    files: dict[str, None] = {}
    so_far = _Seen()
    leads: dict[str, list[str]] = {}
    waiting = [(folder, False)]
    while waiting:
        here = waiting.pop(0)
        if here in seen:
            continue
        seen.add(here)
        for name in NAMES:
            file = posixpath.join(here[0], name)
            if (root / file).is_file():
                files[file] = None
                found = [*_Judge(root, file, so_far).kustomization(of_plugins=here[1])]
                leads.setdefault(here[0], []).extend(path for path, _ in found)
                waiting += found
    if _visits(folder, leads) > MOST_VISITS:
        raise RenderFailed(
            f"{folder or '.'}: its kustomizations lead to more than {MOST_VISITS:,} others: list each only once"
        )
    if so_far.charts and so_far.generators:  # a generator may become one that inflates charts, as it is patched
        file, node = so_far.generators[0]
        raise refused(file, node, f"`generators` beside `helmCharts` of {so_far.charts[0].file}: remove one")
    read = so_far.read
    return Reached(
        kustomizations=tuple(files),
        charts=tuple(so_far.charts),
        read=tuple(dict.fromkeys(str(each.path) for each in read if each.field not in GENERATORS)),
        resources=tuple(dict.fromkeys(str(each.path) for each in read if each.field in ("resources", "bases"))),
    )


def _visits(folder: str, leads: Mapping[str, list[str]]) -> int:
    """Count how often kustomize opens a kustomization: each time that one is named; it ends circles by itself."""
    counts: dict[str, int] = {}
    waiting = [folder]
    while waiting:
        here = waiting[-1]
        missing = [each for each in leads.get(here, []) if each not in counts and each not in waiting]
        if missing:
            waiting.append(missing[0])
            continue
        waiting.pop()
        counts[here] = min(1 + sum(counts.get(each, 0) for each in leads.get(here, [])), MOST_VISITS + 1)
    return counts[folder]


class _Judge:
    """One kustomization under judgement: where it is, and the folder that its words are relative to."""

    def __init__(self, root: Path, file: str, seen: _Seen) -> None:
        self._root, self._file, self._folder = root, file, posixpath.dirname(file)
        self._seen = seen

    def kustomization(self, *, of_plugins: bool) -> Iterator[tuple[str, bool]]:
        """Judge all of it; give the folders that it leads to, and whether plugins are configured there."""
        fields = fields_of((self._root / self._file).read_bytes(), self._file)
        if inflated := judge_charts(self._root, self._file, fields):
            self._seen.charts.append(inflated)
        if generators := fields.get("generators"):
            self._seen.generators.append((self._file, generators))
        for name, node in fields.items():
            pulled = {id(each.repo) for each in charts_of(node)} if name == "helmcharts" else set()
            self._refuse_remote(self._file, name, node, pulled)  # those are there, as was judged
        for each in _bounded(self._file, readings(self._folder, fields)):
            if self._is_folder(each):
                yield each.path or "", of_plugins or each.field in PLUGINS
                continue
            if each.word and not (each.may_be_text and not self._is_there(each)):
                self._demand_readable(self._file, each)
                self._seen.read.append(each)
            if of_plugins or each.field in PLUGINS:
                self._judge_plugin(each)

    def _is_there(self, each: Reading) -> bool:
        return each.path is not None and not has_scheme(each.word) and (self._root / each.path).exists()

    def _is_folder(self, each: Reading) -> bool:
        """Say whether an entry leads to a folder of the repository.

        Raises:
            RenderFailed: to one whose name kustomize would take for a repository's address.
        """
        if each.field not in FOLDERS or not self._is_there(each) or not (self._root / str(each.path)).is_dir():
            return False
        if is_cloned(each.word):
            why = f"kustomize would take {cut(each.word)} for a repository to clone: write {cut('./' + each.word)}"
            raise refused(self._file, each.node, why)
        return True

    def _demand_readable(self, file: str, each: Reading) -> None:
        """Refuse what lies where kustomize does not read, what is not there, and what stands for something else."""
        if each.path is None:
            raise refused(file, each.node, f"{cut(each.word)} is outside of this repository: copy it here")
        at = self._root / each.path
        here = self._folder or "."
        if not PurePosixPath(each.path).is_relative_to(self._folder):
            why = f"{each.word} lies outside of the folder, and kustomize does not read it: move it into {here}"
            if at.is_file() or each.field not in FOLDERS:
                raise refused(file, each.node, why)
        if not at.exists():
            raise refused(file, each.node, f"{each.word}{ABSENT}: add it, or remove this entry")
        if at.is_file() and is_pointer(_beginning(at)):
            raise refused(file, each.node, f"{each.path} is {POINTER}")
        if at.is_file() and each.field not in GENERATORS:
            self._refuse_bombs(str(each.path))

    def _refuse_bombs(self, path: str) -> None:
        """Refuse a file whose aliases expand without end: kustomize would follow them for as long as it may run."""
        raw = (self._root / path).read_bytes()
        if raw.count(b"*") >= FEWEST_ALIASES and raw.count(b"&") > 1:
            deque(load(decode(raw, path), path), maxlen=0)

    def _judge_plugin(self, each: Reading) -> None:
        """Refuse generators and transformers that run programs or reach out, inline or in a file of their own."""
        inline = None if self._is_there(each) else each.node  # the lines of what is inline are none of the file's
        file = self._file if inline else str(each.path)
        text = each.word if inline else decode((self._root / file).read_bytes(), file)
        for document in load(text, file):
            if _FUNCTION.search(text):
                why = "functions (containers, programs) are not supported in a kustomization"
                raise refused(file, inline or document.node, why)
            self._refuse_remote(file, "", document.node, set(), at=inline)
            for read in _bounded(file, plugin_readings(self._folder, document.node)):
                if read.word and not (read.may_be_text and not self._is_there(read)):
                    self._demand_readable(file, replace(read, node=inline) if inline else read)

    def _refuse_remote(self, file: str, name: str, node: Node, seen: set[int], *, at: Node | None = None) -> None:
        """Refuse every place below a field that is not in this repository; `seen` keeps aliases from multiplying."""
        if name.casefold() in _TEXT or id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, MappingNode):
            for key, value in node.value:
                self._refuse_remote(file, str(key.value), value, seen, at=at)
        elif isinstance(node, SequenceNode):
            for item in node.value:
                self._refuse_remote(file, name, item, seen, at=at)
        elif self._is_remote(str(node.value)):
            why = f"{cut(node.value)} is not in this repository: copy it here, only {FETCHED} may come from elsewhere"
            raise refused(file, at or node, why)

    def _is_remote(self, word: str) -> bool:
        return looks_remote(word) and not any(self._stands_here(place) for place in (word, word.partition("=")[2]))

    def _stands_here(self, place: str) -> bool:
        path = inside(self._folder, place)
        return path is not None and not has_scheme(place) and (self._root / path).exists()


def _bounded(file: str, found: Iterator[Reading]) -> Iterator[Reading]:
    """Pass on what a file names, as long as that is not more than anybody writes."""
    for number, each in enumerate(found):
        if number >= MOST_READINGS:
            raise refused(file, each.node, f"this names more than {MOST_READINGS:,} places: make several files of it")
        yield each


def _beginning(at: Path) -> bytes:
    with at.open("rb") as file:
        return file.read(_FIRST_BYTES)
