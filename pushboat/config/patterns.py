"""Environments by pattern: `path: envs/{name}` stands for every folder of a commit that fits.

Here a path is taken apart and names are made of folders; who lists the folders of a commit, or of a work tree, is the
caller's to say.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pushboat.config.definition import Definition
from pushboat.config.document import At, Document
from pushboat.config.values import environment_name
from pushboat.config.ways import NAME, Way, has_name, way_of
from pushboat.model.wording import listed, printable, quoted

EXPANDED = ("path", "namespace", "url")
"""The fields in which `{name}` stands for the folder's part."""
FEW = 10
"""Names that one sentence tells."""


Listing = Callable[[Way], Sequence[str] | None]
"""Names the folders that lie in `folder` and hold `rest`; None where `folder` is, or lies behind, what is no folder."""


def is_pattern(definition: Definition) -> bool:
    """Say whether an entry stands for every folder that fits."""
    return NAME in str(definition.said.get("path", ""))


def note_pattern(document: Document, at: At) -> None:
    """Note a `{name}` that stands for nothing: twice in a path, or where the path has none, or in another field."""
    written = document.mapping(*at)
    times = str(written.get("path", "")).count(NAME)
    if times > 1:
        document.note((*at, "path"), f"'{NAME}' stands once in a path: the rest is written out")
    if times:
        others = (key for key, value in written.items() if key not in EXPANDED and has_name(value))
        for key in others:
            document.note((*at, key), f"'{NAME}' means nothing in '{key}': only in {listed(EXPANDED)}")
        return
    without = f"'{NAME}' stands for a part of the path, and 'path' has none: write path: envs/{NAME}"
    if NAME in str(at[-1]):
        document.note(at, without, key=True)
    if NAME in str(written.get("namespace", "")):
        document.note((*at, "namespace"), without)


@dataclass(frozen=True, slots=True)
class Found:
    """What one pattern makes of a commit's folders, by environment; and what is wrong, in sentences about its path."""

    environments: dict[str, Definition]
    mistakes: tuple[str, ...]


def found(definition: Definition, listing: Listing, others: Iterable[str]) -> Found:
    """Make an environment of every folder that fits; `others` are entries of their own, which come first."""
    way = way_of(definition.said["path"])
    folders = listing(way)
    if folders is None:
        return Found({}, (f"{quoted(way.folder)} is not a folder of this commit: a pattern goes over no links",))
    made: dict[str, Definition] = {}
    wrong: list[str] = []
    own = frozenset(others)
    for folder in folders:
        name = _named(definition.name, way.part(folder))
        if name is None:
            wrong.append(folder)
        elif name and name not in own:
            made[name] = _made(definition, name, way, folder)
    return Found(made, tuple(_refused(way, wrong)))


def _named(entry: str, part: str) -> str | None:
    """Name the environment of a folder: by the key's own `{name}`, else as the part itself; None: no such name."""
    if not part:
        return ""
    name = entry.replace(NAME, part) if NAME in entry else part
    try:
        return environment_name(name)
    except ValueError:
        return None


def _made(definition: Definition, name: str, way: Way, folder: str) -> Definition:
    part, said = way.part(folder), dict[str, Any](definition.said)
    said |= {key: said[key].replace(NAME, part) for key in EXPANDED if key in said}
    return replace(definition, name=name, entry=definition.name, said={**said, "path": way.path(folder)})


def _refused(way: Way, wrong: Sequence[str]) -> Iterator[str]:
    if wrong:
        yield (
            f"{few([quoted(way.path(each)) for each in wrong])} cannot be an environment: its name takes lower-case "
            f"letters, digits and '-', at most 63, and is no command's; rename it, or move it elsewhere"
        )


def few(names: Sequence[str]) -> str:
    """Name some of many."""
    told = [printable(each, 80) for each in names[:FEW]]
    more = len(names) - len(told)
    return listed([*told, f"{more:,} more"] if more else told)
