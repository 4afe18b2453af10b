"""How the command speaks: data on stdout, talk on stderr, colours only on a terminal, nothing hostile ever raw.

Branch names, commit messages and reasons come from strangers: a control character in them would write on the reader's
terminal, so none gets through. `tables` draws what has rows.
"""

import json
import os
import sys
from collections.abc import Mapping
from typing import IO, Any

import click

JSON_ASKED = "pushboat.json"
"""Where the line's context remembers that `--json` stood before the command."""


def _heard_before(ctx: click.Context, _option: click.Parameter, value: bool) -> bool:  # noqa: FBT001 - click's order
    return value or bool(ctx.meta.get(JSON_ASKED))


AS_JSON = click.option("--json", "as_json", is_flag=True, callback=_heard_before, help="Print for programs.")
"""For a command that prints for programs too."""

LOOKS: Mapping[str, tuple[str, str]] = {
    "queued": ("○", "cyan"),
    "running": ("◐", "blue"),
    "succeeded": ("✔", "green"),
    "failed": ("✗", "red"),
    "errored": ("!", "magenta"),
    "superseded": ("↷", "bright_black"),
    "cancelled": ("⊘", "bright_black"),
    "accepted": ("→", "bright_black"),
    "ignored": ("·", "bright_black"),
    "duplicate": ("=", "bright_black"),
    "rejected": ("✗", "red"),
    "Healthy": ("✔", "green"),
    "Unverified": ("?", "yellow"),
    "Suspended": ("⏸", "yellow"),
    "Progressing": ("◐", "blue"),
    "Missing": ("∅", "red"),
    "Unknown": ("?", "magenta"),
    "Degraded": ("✗", "red"),
    "PASS": ("✔", "green"),
    "WARN": ("⚠", "yellow"),
    "FAIL": ("✗", "red"),
    "UNKNOWN": ("?", "magenta"),
    "skip": ("·", "bright_black"),
}
"""Each state's shape and colour; the word itself always stands beside them."""

_CODES = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36, "bright_black": 90}


def say(sentence: str, *, glyph: str = "") -> None:
    """Tell the person at the terminal something that is not the command's result."""
    print(f"{glyph} {plain(sentence)}" if glyph else plain(sentence), file=sys.stderr, flush=True)


def data(line: str) -> None:
    """Print one line of the command's result."""
    print(plain(line), flush=True)


def data_in(line: str, colour: str) -> None:
    """Print one line of the command's result in a colour, where that is welcome; without one if none is named."""
    print(painted(plain(line), colour, sys.stdout) if colour else plain(line), flush=True)


def print_json(value: Any) -> None:
    """Print the command's result for a program; on the terminal of whoever reads along nothing in it is obeyed."""
    written = json.dumps(value, indent=2, ensure_ascii=False)
    print("".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in written), flush=True)


def plain(text: str) -> str:
    """Show control characters instead of obeying them; line ends stay."""
    return "".join(c if c == "\n" or c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def one_line(text: str) -> str:
    """Make a text fit a table's cell."""
    return plain(" ".join(text.split()))


def colourful(stream: IO[str]) -> bool:
    """Say whether colours are welcome: a terminal, and nobody who said NO_COLOR (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painted(text: str, colour: str, stream: IO[str]) -> str:
    """Colour a text where that is welcome."""
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if colourful(stream) else text


def look(word: str) -> str:
    """Give a state as shape and word."""
    shape = LOOKS.get(word, ("", ""))[0]
    return f"{shape} {word}".strip()
