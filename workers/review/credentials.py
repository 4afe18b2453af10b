"""Credentials in the files of a commit, where everybody reads them: told by place and sort, never by value.

Secrets and what their generators read are another rule's: there, what is secret stands where it belongs, and in clear.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workers.manifests.credentials import credentials_in
from workers.manifests.secret_lines import secret_lines

RULE = "plaintext-credential"
_LOOKED_AT_FOR_BINARY = 8 << 10
"""Bytes; a file with a zero byte among these is none that people write."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
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


def credentials(root: Path, files: Iterable[str], of_generators: Collection[str]) -> Iterator[Finding]:
    """Find credentials in files below `root`, but for Secrets and the files that their generators read."""
    for file in files:
        if file not in of_generators:
            yield from _in_file((root / file).read_bytes(), file)


def _in_file(raw: bytes, file: str) -> Iterator[Finding]:
    if b"\0" in raw[:_LOOKED_AT_FOR_BINARY]:
        return
    text = raw.decode("utf-8", "replace")
    hidden: frozenset[int] | None = None
    for found in credentials_in(text):
        hidden = secret_lines(raw, file) if hidden is None else hidden
        line = text.count("\n", 0, found.start)
        if line not in hidden:
            column = found.start - text.rfind("\n", 0, found.start)
            length = found.end - found.start
            yield Finding(file=file, line=line + 1, column=column, sort=found.sort, characters=length)
