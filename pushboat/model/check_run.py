"""What a commit shows below a status, where the forge has room for it: text, places in files, buttons.

GitHub calls it a check run's output. Everything in it may have been written by strangers: who composes markdown escapes
it, what is a place is looked at here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pushboat.model.wording import LOOKS_LIKE, printable, unbold

LONGEST_MESSAGE = 1_000
"""Characters of what is said at one line."""
MOST_ANNOTATIONS = 100
LONGEST_PATH = 500
_FILES = (".yaml", ".yml", ".json")
"""What a place is in. A renderer's objects have only a folder, which has no lines; a credential stands in any file."""
_PLACED = re.compile(r"(?P<path>[^\s:][^:\n]*):(?P<line>\d{1,6})(?::(?P<column>\d{1,5}))?: (?P<message>\S.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What is said beside one line of a file (1-based, as the column, which is 0 where nobody knows it)."""

    path: str
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """What somebody may ask for by one press: the command's word, and what people read on it."""

    word: str
    label: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is shown below a status: `summary` and `text` in markdown, `annotations` at lines of the commit's files."""

    summary: str = ""
    text: str = ""
    annotations: tuple[Annotation, ...] = ()
    buttons: tuple[Button, ...] = ()


def placed(text: str) -> tuple[Annotation, ...]:
    """Read what a refusal says of lines, as compilers print it: `file:line:column: message`, each once.

    A place outside of the repository is none.
    """
    return tuple(dict.fromkeys(_placed(unbold(text))))


def _placed(text: str) -> Iterator[Annotation]:
    for line in text.splitlines():
        found = _PLACED.fullmatch(line.removeprefix("- "))
        if found is None or not _is_inside(found["path"]) or int(found["line"]) < 1:
            continue
        if not found["path"].endswith(_FILES) and not found["message"].startswith(LOOKS_LIKE):
            continue
        yield Annotation(
            path=found["path"],
            line=int(found["line"]),
            column=int(found["column"] or 0),
            message=printable(found["message"], LONGEST_MESSAGE),
        )


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return len(path) <= LONGEST_PATH and not {"", ".", ".."} & {*parts} and path.isprintable()
