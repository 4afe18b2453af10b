"""The page that says where a file is not read as kubectl reads it: `python -m tests.manifests.page` writes it."""

from pathlib import Path

from tests.manifests.comparing import ours
from tests.manifests.differences import DIFFERENCES
from tests.manifests.vectors import kept

PAGE = Path(__file__).resolve().parents[2] / "docs" / "yaml.md"
_HEAD = """# How files are read

<!-- Written by `.venv/bin/python -m tests.manifests.page`. -->

Pushboat reads YAML and JSON as `kubectl apply --server-side` does: `0644` is 420, `on` is true, `1234567e8` is a
number, `1e999` and `2026-01-02` are text, `<<` merges, UTF-16 is read by its mark, a `List` is taken apart. It is held
against {number} files and what kubectl 1.32 sent of each (`tests/manifests/data`); {differences} are read otherwise:

| why | the case | here |
|---|---|---|
"""
_FOOT = """
A mistake is named by file, line and column of the field, in JSON as well. What is unquoted and must be text is told as
it is written and as it would be sent: `quote it ("010", which is read as 8 without quotes)`.

A file may have 10 MiB, 100 levels, 1,000,000 values as written and 2,000,000 with its aliases, 20,000 documents and 100
lines that begin with `%`. What is larger is refused before anything is made of it.
"""


def page() -> str:
    """Give the page."""
    cases = kept()
    rows = [
        f"| {reason if number == 0 else ''} | {_code(name)} | {'refused' if ours(cases[name][0]).refused else 'read'} |"
        for reason, names in DIFFERENCES.items()
        for number, name in enumerate(names)
    ]
    head = _HEAD.format(number=len(cases), differences=len(rows))
    return f"{head}{chr(10).join(rows)}\n{_FOOT}"


def _code(name: str) -> str:
    return f"`{name.replace('|', chr(92) + '|').replace(chr(9), chr(92) + 't')}`"


if __name__ == "__main__":
    PAGE.write_text(page())
