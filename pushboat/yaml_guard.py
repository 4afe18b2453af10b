"""The guard before every YAML that strangers wrote: events of the C parser, counted, and stopped where they go too far.

The C parser's composer recurses and takes the whole process with it on deep nesting; its event parser does neither, so
depth and number are measured here before anything is built. What a guarded text becomes is for its reader: the
configuration keeps places and mistakes, manifests become what kubectl would read.
"""

import re
from collections.abc import Iterator

import yaml

_LINE_END = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
"""What ends a line for the parser."""
_TAB = re.compile(r" *\t")
_ADVICE = (
    ("mapping values are not allowed", 'quote a value that has ": " in it, or indent the line as its neighbours are'),
    ("found unexpected ':'", "write a blank behind the colon, or quote what has it"),
    ("could not find expected ':'", "write a colon and a blank behind the key; longer text begins with | or >"),
    ("found unknown escape character", r"in double quotes a backslash is written \\, in single quotes as it is"),
    ("did not find expected '-' indicator", "begin each item with a dash, or indent what is no item otherwise"),
    ("did not find expected ',' or", "write the comma that is missing, or what closes it"),
    ("did not find expected key", "indent the line as its neighbours are, and close quotes and brackets"),
    ("while scanning a quoted scalar, found unexpected end", "close the quote"),
    ("while scanning an anchor", "quote a value that begins with &"),
    ("while scanning an alias", "quote a value that begins with *"),
    ("cannot start any token", "quote a value that begins with %, @ or a backquote"),
)
"""What the parser complains of, and what mends it mostly: its own words tell who wrote the parser what it met."""


class Unreadable(Exception):
    """The text goes too far, or is no YAML; lines and columns are 1-based."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.message = message


class TooDeep(Unreadable):
    """More levels than the reader takes."""


class TooMany(Unreadable):
    """More nodes than the reader takes, as they are written."""


class NotYaml(Unreadable):
    """The parser's own complaint, and what mends it where that is known."""


def guarded_events(text: str, *, deepest_level: int, most_nodes: int) -> Iterator[yaml.Event]:
    """Parse a text to events, keeping nothing.

    Raises:
        Unreadable: at the first event that goes too far, or where the text is no YAML.
    """
    level = nodes = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            nodes += isinstance(event, yaml.NodeEvent)
            level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if nodes > most_nodes:
                raise TooMany(*_start(event), f"more than {most_nodes} values")
            if level > deepest_level:
                raise TooDeep(*_start(event), f"nested more than {deepest_level} levels deep")
            yield event
    except yaml.YAMLError as error:
        raise translated(error, text) from error


def translated(error: yaml.YAMLError, text: str) -> NotYaml:
    """Say where a text stops being YAML, why in the parser's words, and what to do."""
    if isinstance(error, yaml.MarkedYAMLError) and (error.problem_mark or error.context_mark):
        unclosed = "end of stream" in str(error.problem)  # then where it begins says more than where the text ends
        mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
        assert mark is not None
        message = ", ".join(part for part in (error.context, error.problem) if part)
        lines = _LINE_END.split(text)
        line, column = mark.line, mark.column
        if line >= len(lines):  # the parser ends a last line that has no end
            line, column = len(lines) - 1, len(lines[-1])
        return NotYaml(line + 1, column + 1, _advised(message, lines[line]))
    if isinstance(error, yaml.reader.ReaderError):
        before = text.encode("utf-8")[: error.position].decode("utf-8", "replace")  # the C parser counts bytes
        line_number, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        code = error.character if isinstance(error.character, int) else ord(error.character[:1])
        return NotYaml(line_number, column, f"{error.reason} (#x{code:02x})")
    return NotYaml(1, 1, str(error))


def _advised(message: str, line: str) -> str:
    if _TAB.match(line):
        return f"{message} (a tab: YAML is indented with spaces)"
    advice = next((advice for trouble, advice in _ADVICE if trouble in message), "")
    return f"{message} ({advice})" if advice else message


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
