"""A file with some of its scalars replaced where they stand: every other character stays, comments and all.

What comes out is read again and compared with what went in: a pin whose place cannot be rewritten so that exactly it
changes (an anchor that others share, a block of text) is not rewritten at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yaml.nodes import ScalarNode

from pushboat.errors import InvalidManifest
from workers.manifests.yaml_composing import without_marks
from workers.manifests.yaml_loading import load
from workers.pins.finding import Path

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to stand at a path of a file in place of a scalar; with a `key`, and under another one."""

    path: Path
    node: ScalarNode
    value: str
    key: ScalarNode | None = None
    name: str = ""


def rewritten(text: str, file: str, edits: list[Edit]) -> str:
    """Replace scalars, and nothing else; empty where that cannot be done.

    Raises:
        InvalidManifest: the file cannot be read as it is.
    """
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    body = text.removeprefix(mark)
    if without_marks(body) != body:  # joined of files, one of which began with such a mark: places are not known
        return ""
    pieces: dict[tuple[int, int], str] = {}
    for edit in edits:
        wanted = [(edit.node, edit.value), *([(edit.key, edit.name)] if edit.key and edit.name else [])]
        for node, value in wanted:
            place, said = _piece(body, node, value)
            if not said or pieces.setdefault(place, said) != said:
                return ""
    made = body
    for (start, end), said in sorted(pieces.items(), reverse=True):
        made = made[:start] + said + made[end:]
    return mark + made if _is_meant(body, made, file, edits) else ""


def _piece(text: str, node: ScalarNode, value: str) -> tuple[tuple[int, int], str]:
    """Give where a scalar's own letters stand, behind its anchor or tag, and what is to stand there; empty for none."""
    start, end = node.start_mark.index, node.end_mark.index
    shown = text[start:end]
    if node.style in ("'", '"'):
        opening = shown.find(node.style)
        return (start + opening, end), f"{node.style}{value}{node.style}" if opening >= 0 else ""
    if node.style or not node.value or not shown.endswith(node.value):
        return (start, end), ""
    return (end - len(node.value), end), value if _is_plain(value) else f'"{value}"'


def _is_plain(value: str) -> bool:
    """Say whether a word without quotes is read as text: 1.10 is a number."""
    try:
        return [each.data for each in load(value, "")] == [value]
    except InvalidManifest:
        return False


def _is_meant(before: str, after: str, file: str, edits: list[Edit]) -> bool:
    """Say whether the two differ in what is edited, and nowhere else."""
    try:
        was, now = (dict(_leaves([each.data for each in load(text, file)])) for text in (before, after))
    except InvalidManifest:
        return False
    wanted: dict[Path, Any] = dict(was)
    for edit in edits:
        wanted.pop(edit.path, None)
        wanted[(*edit.path[:-1], edit.name) if edit.name else edit.path] = edit.value
    return now == wanted


def _leaves(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(data, Mapping):
        yield (*path, "{}"), len(data)
        for name, value in data.items():
            yield from _leaves(value, (*path, name))
    elif isinstance(data, list):
        yield (*path, "[]"), len(data)
        for number, value in enumerate(data):
            yield from _leaves(value, (*path, number))
    else:
        yield path, data
