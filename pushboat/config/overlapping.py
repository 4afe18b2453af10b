"""Patterns of the operator's file: what they cannot say, and where two could make the same of one name.

Two entries may share a namespace where both write it alike; never because of how somebody calls a folder.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from pushboat.config.document import At, Document
from pushboat.config.project import FILLED
from pushboat.config.ways import NAME, has_name, way_of
from pushboat.model.wording import listed, quoted

IN = ("namespaces", *FILLED, "service_account")
"""Where `{name}` becomes a part of the environment's name."""
_NOT_OF_MANY = {
    "path": "a pattern allows names, and the repository's file says which folder each one has: leave 'path' out",
    "formerly": "one environment goes on with what an earlier one had: give that one an entry of its own",
}


@dataclass(frozen=True, slots=True)
class _Entry:
    project: int
    name: str
    written: dict[str, Any]

    @property
    def at(self) -> At:
        return ("projects", self.project, "environments", self.name)

    @property
    def made(self) -> Iterator[tuple[At, str, str]]:
        """Give the namespaces and the service account that it makes of names: where each is written, what, and how.

        Whoever may write in the namespace of a service account may run as it, so that is one of its namespaces.
        """
        every = self.written.get("namespaces")
        for index, each in enumerate(every if isinstance(every, list) else ()):
            yield ("namespaces", index), "namespace", str(each)
        account = str(self.written.get("service_account", ""))
        home = account.partition("/")[0]
        own = ("namespace", home) if NAME in home else ("service account", account)
        yield ("service_account",), *own


def note_patterns(document: Document) -> None:
    """Note what patterns cannot say, a `{name}` that stands for nothing, and patterns that meet each other."""
    entries = list(_entries(document))
    for each in entries:
        _note_entry(document, each)
    for one, other in combinations([each for each in entries if NAME in each.name], 2):
        if one.project == other.project and _meet(one.name, other.name):
            message = (
                f"{quoted(other.name)} and {quoted(one.name)} of line {_line(document, one.at)} fit the same names"
            )
            document.note(other.at, f"{message}: let them begin or end differently", key=True)
        elif one.written.get("cluster") == other.written.get("cluster"):
            _note_made(document, one, other)


def _note_entry(document: Document, entry: _Entry) -> None:
    for key, value in entry.written.items():
        if NAME in entry.name and key in _NOT_OF_MANY:
            document.note((*entry.at, key), _NOT_OF_MANY[key], key=True)
        elif NAME in entry.name and has_name(value) and key not in IN:
            document.note((*entry.at, key), f"'{NAME}' means nothing in '{key}': only in {listed(IN)}")
        elif NAME not in entry.name and has_name(value):
            message = f"'{NAME}' stands for a part of the environment's name, and {quoted(entry.name)} has none"
            document.note((*entry.at, key), f"{message}: write this one's {key}")


def _note_made(document: Document, one: _Entry, other: _Entry) -> None:
    noted: set[str] = set()
    for (first, what, mine), (second, kind, theirs) in product(one.made, other.made):
        if what == kind and mine != theirs and theirs not in noted and _meet(mine, theirs):
            noted.add(theirs)
            line = _line(document, (*one.at, *first))
            message = f"{quoted(theirs)} and {quoted(mine)} of line {line} may become one {what}"
            way = "let them begin or end differently, or write both alike where they are to share it"
            document.note((*other.at, *second), f"{message}: {way}")


def _entries(document: Document) -> Iterator[_Entry]:
    projects = document.mapping().get("projects")
    for index in range(len(projects) if isinstance(projects, list) else 0):
        for name in document.mapping("projects", index, "environments"):
            yield _Entry(index, str(name), dict(document.mapping("projects", index, "environments", name)))


def _meet(one: str, other: str) -> bool:
    """Say whether two texts with `{name}` can become the same one."""
    if NAME not in one or NAME not in other:
        return False
    first, second = way_of(one), way_of(other)
    if first.folder != second.folder:
        return False
    begins = first.before.startswith(second.before) or second.before.startswith(first.before)
    return begins and (first.after.endswith(second.after) or second.after.endswith(first.after))


def _line(document: Document, at: At) -> int:
    return document.mistake(at, "").line
