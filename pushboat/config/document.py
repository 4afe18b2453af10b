"""A configuration file as plain data in which every value still knows its line and column.

Reading never fails: what is wrong with the text stands in `mistakes`, beside as much data as could be read, so that
one look at a file can name every mistake in it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from pushboat.config.nodes import DEEPEST_LEVEL, MOST_NODES, Node, Place, Refused, Tree
from pushboat.errors import Mistake
from pushboat.model.wording import quoted

LARGEST_FILE_BYTES = 1 << 20
"""Bytes; a hand-written file is a hundredth of it."""

MOST_MISTAKES = 100
"""More are a file of another kind, or somebody who wants large pages and statuses."""

At = tuple[str | int, ...]
"""The way to a value: keys and list indices."""

Data = str | int | bool | None | list["Data"] | dict[str, "Data"]


@dataclass(slots=True)
class Document:
    """One file: its data, its mistakes so far, and the places of keys and values.

    `broken` says that the text could not be read to its end: then the data serves only to see what was meant.
    """

    file: str
    data: Data = None
    broken: bool = False
    mistakes: list[Mistake] = field(default_factory=list)
    keys: dict[At, Place] = field(default_factory=dict, repr=False)
    values: dict[At, Place] = field(default_factory=dict, repr=False)

    def note(self, at: At, message: str, *, key: bool = False) -> None:
        """Add a mistake at a value, at its key, or at the nearest thing around it that exists."""
        self.mistakes.append(self.mistake(at, message, key=key))

    def mistake(self, at: At, message: str, *, key: bool = False) -> Mistake:
        """Say what is wrong at a value or a key of this file."""
        place = self._place(at, key=key)
        return Mistake(file=self.file, line=place.line, column=place.column, message=message)

    def mapping(self, *at: str | int) -> dict[str, Data]:
        """Give the mapping at this place, or an empty one where there is none."""
        data = self.data
        for step in at:
            if isinstance(data, dict) and isinstance(step, str):
                data = data.get(step)
            elif isinstance(data, list) and isinstance(step, int):
                data = data[step]
            else:
                return {}
        return data if isinstance(data, dict) else {}

    def sorted_mistakes(self) -> tuple[Mistake, ...]:
        """Give every mistake once, as `sorted_by_place`."""
        return sorted_by_place(self.mistakes)

    def _place(self, at: At, *, key: bool) -> Place:
        if not key and at in self.values:
            return self.values[at]
        for length in range(len(at), 0, -1):
            if at[:length] in self.keys:
                return self.keys[at[:length]]
            if at[:length] in self.values:
                return self.values[at[:length]]
        return Place(1, 1)


def sorted_by_place(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Give every mistake once, from the top of the file to its end; of thousands the first, and how many follow."""
    found = sorted(dict.fromkeys(mistakes), key=lambda mistake: (mistake.line, mistake.column))
    if len(found) <= MOST_MISTAKES:
        return tuple(found)
    shown = found[: MOST_MISTAKES - 1]
    words = f"and {len(found) - len(shown):,} mistakes more from here on: correct these first"
    return (*shown, replace(found[len(shown)], message=words))


def read(text: str | bytes, file: str) -> Document:
    """Read a file's text under the limits that hostile YAML needs."""
    document = Document(file)
    try:
        tree = Tree()
        try:
            tree.build(_decoded(text))
        except Refused as refused:
            _add(document, refused)
        if tree.root is not None:
            document.data = _Expansion(document).data(tree.root, (), 0)
    except Refused as refused:
        _add(document, refused)
    return document


def _add(document: Document, refused: Refused) -> None:
    place = refused.place
    document.broken = True
    document.mistakes.append(Mistake(file=document.file, line=place.line, column=place.column, message=refused.message))


def _decoded(text: str | bytes) -> str:
    try:
        raw = text if isinstance(text, bytes) else text.encode("utf-8")
        if len(raw) > LARGEST_FILE_BYTES:
            raise Refused(
                Place(1, 1), f"the file has {len(raw)} bytes, more than the {LARGEST_FILE_BYTES} that are read"
            )
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise Refused(place, "not UTF-8 text: save the file as UTF-8") from error
    except UnicodeEncodeError as error:
        before = str(error.object)[: error.start]
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise Refused(place, "a character here is half of a surrogate pair, not text") from error


class _Expansion:
    """Nodes to data, following aliases and merge keys, within one budget for the whole file."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = MOST_NODES

    def data(self, node: Node, at: At, depth: int) -> Data:
        self._left -= 1
        if self._left < 0:
            raise Refused(node.place, f"aliases make more than {MOST_NODES} values of this")
        if depth > DEEPEST_LEVEL:
            raise Refused(node.place, f"nested more than {DEEPEST_LEVEL} levels deep")
        self._document.values.setdefault(at, node.place)
        if node.kind == "scalar":
            return node.value
        if node.kind == "list":
            return [self.data(item, (*at, index), depth + 1) for index, item in enumerate(node.items)]
        data: dict[str, Data] = {}
        for key, value in self._pairs(node):
            self._document.keys[(*at, key.text)] = key.place
            data[key.text] = self.data(value, (*at, key.text), depth + 1)
        return data

    def _pairs(self, node: Node) -> Iterator[tuple[Node, Node]]:
        """Give the mapping's own pairs, then those of `<<` that it does not have itself."""
        seen: dict[str, Node] = {}
        for key, value in node.pairs:
            if _merges(key):
                continue
            if key.text in seen:
                message = f"duplicate key {quoted(key.text)}: it stands on line {seen[key.text].place.line} already"
                self._document.mistakes.append(
                    Mistake(file=self._document.file, line=key.place.line, column=key.place.column, message=message)
                )
                continue
            seen[key.text] = key
            yield key, value
        if node.key is not None:
            # The text broke off after this key; its name still says what was meant.
            yield node.key, Node(node.key.place, "scalar")
        for key, value in self._merged(node, 0):
            if key.text not in seen:
                seen[key.text] = key
                yield key, value

    def _merged(self, node: Node, depth: int) -> Iterator[tuple[Node, Node]]:
        for key, value in node.pairs:
            if not _merges(key):
                continue
            for source in value.items if value.kind == "list" else [value]:
                self._left -= len(source.pairs) + 1
                if source.kind != "mapping" or depth > DEEPEST_LEVEL or self._left < 0:
                    raise Refused(key.place, "'<<' merges mappings, few and not deeply nested")
                yield from (pair for pair in source.pairs if not _merges(pair[0]))
                yield from self._merged(source, depth + 1)


def _merges(key: Node) -> bool:
    return key.plain and key.text == "<<"
