"""Credentials in the files of a commit, where everybody reads them: told by place and sort, never by value.

Secrets and what their generators read are another rule's: there, what is secret stands where it belongs, and in clear.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workers.manifests.credentials import credentials_in, text_of
from workers.manifests.secret_lines import secret_lines

MOST_FINDINGS = 1000
"""In one file; whoever mends these looks again."""
_BREAK = re.compile(r"\n")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Credential:
    """One credential: where it begins (1-based), of what sort it is, and how many characters it has."""

    file: str
    line: int
    column: int
    sort: str
    characters: int

    def __str__(self) -> str:
        """Say it in a sentence that shows nothing of it."""
        return (
            f"{self.file}:{self.line}:{self.column}: this looks like {self.sort} ({self.characters} characters) in "
            "plain text: take it out, revoke it, and keep the new one in an encrypted Secret"
        )


def credentials(root: Path, files: Iterable[str], of_generators: Collection[str]) -> Iterator[Credential]:
    """Find credentials in files below `root`, but for Secrets and the files that their generators read."""
    for file in files:
        if file not in of_generators:
            yield from _in_file((root / file).read_bytes(), file)


def _in_file(raw: bytes, file: str) -> Iterator[Credential]:
    text = text_of(raw, file)
    hidden: frozenset[int] | None = None
    breaks: list[int] = []
    for found in islice(credentials_in(text), MOST_FINDINGS):
        if hidden is None:
            hidden, breaks = secret_lines(raw, file), [each.start() for each in _BREAK.finditer(text)]
        line = bisect_left(breaks, found.start)
        if line not in hidden:
            column = found.start - (breaks[line - 1] if line else -1)
            length = found.end - found.start
            yield Credential(file=file, line=line + 1, column=column, sort=found.sort, characters=length)
