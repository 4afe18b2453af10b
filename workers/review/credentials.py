"""Credentials in the files of a commit, where everybody reads them: told by place and sort, never by value.

Secrets and what their generators read are another rule's: there, what is secret stands where it belongs, and in clear.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path, PurePosixPath

from pushboat.model.wording import LOOKS_LIKE
from workers.manifests.credentials import ADDRESS, OF_EXAMPLES, Found, credentials_in, text_of, variables_in
from workers.manifests.secret_lines import secret_lines

MOST_FINDINGS = 1000
"""In one file; whoever mends these looks again."""
_FOR_EXAMPLE = frozenset((
    "__fixtures__", "__mocks__", "__tests__", "demo", "doc", "docs", "e2e", "example", "examples", "fixture",
    "fixtures", "mocks", "node_modules", "sample", "samples", "spec", "specs", "test", "test-data", "testdata",
    "testing", "tests", "third_party", "vendor",
))  # fmt: skip
"""Folders of what opens nothing."""
_EXAMPLE = re.compile(
    r"(?:^|[._-])(?:test|spec|example|sample|template|tmpl|dist|defaults?)(?:$|[._-])|\.(?:md|mdx|rst|adoc)$", re.I
)
_VARIABLES = re.compile(r"(?:^|[._-])env(?:\.[\w.-]{1,80})?$", re.I)
_AT_HOME = re.compile(r"@(?:\[?::1|[A-Za-z0-9_-]{1,80}(?![A-Za-z0-9_.-])|127\.)")
"""Behind a password in an address: a machine that only a container beside it knows by that name."""
_SMALL, _REMEMBERED = 8 << 10, 4096
"""Bytes of a file elsewhere that is remembered, and how many of them: some thirty megabytes at most."""
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
            f"{self.file}:{self.line}:{self.column}: {LOOKS_LIKE} {self.sort} ({self.characters} characters) in "
            "plain text: take it out, revoke it, and keep the new one in an encrypted Secret"
        )


def credentials(root: Path, files: Iterable[str], of_generators: Collection[str]) -> Iterator[Credential]:
    """Find credentials in files below `root`, but for Secrets and the files that their generators read."""
    for file in files:
        if file not in of_generators:
            yield from _in_file((root / file).read_bytes(), file)


def credentials_beside(file: str, raw: bytes, folder: str, *, own: bool) -> Iterator[Credential]:
    """Find credentials in a file that no render reads; `own` says that it lies in the environment's folder.

    A Secret that stands there is nobody else's to tell. Tests, examples and pages have keys that open nothing: of those
    only what has its issuer's mark counts.
    """
    if own or len(raw) > _SMALL:
        yield from _beside(file, raw, folder, own=own)
    else:
        yield from _elsewhere(file, raw)


@lru_cache(_REMEMBERED)
def _elsewhere(file: str, raw: bytes) -> tuple[Credential, ...]:
    """Look once at what is elsewhere for each environment of a commit."""
    return tuple(_beside(file, raw, "", own=False))


def _beside(file: str, raw: bytes, folder: str, *, own: bool) -> Iterator[Credential]:
    text = text_of(raw, file)
    shown = PurePosixPath(file).relative_to(folder) if own and folder else PurePosixPath(file)
    explains = not _FOR_EXAMPLE.isdisjoint(map(str.lower, shown.parts[:-1])) or _EXAMPLE.search(shown.name)
    found = [*credentials_in(text)]
    known = {each.start for each in found}
    variables = variables_in(text) if _VARIABLES.search(shown.name) else ()
    found += [each for each in variables if each.start not in known]
    at_home = (each for each in found if own or each.sort != ADDRESS or not _AT_HOME.match(text, each.end))
    yield from _told(text, file, (each for each in at_home if not (explains and each.sort in OF_EXAMPLES)), None)


def _in_file(raw: bytes, file: str) -> Iterator[Credential]:
    text = text_of(raw, file)
    yield from _told(text, file, credentials_in(text), lambda: secret_lines(raw, file))


def _told(
    text: str, file: str, found: Iterable[Found], hide: Callable[[], Collection[int]] | None
) -> Iterator[Credential]:
    """Say where each stands, but for lines that `hide` names, which is asked once there is something."""
    hidden: Collection[int] | None = None
    breaks: list[int] = []
    for each in islice(found, MOST_FINDINGS):
        if hidden is None:
            hidden, breaks = hide() if hide else (), [one.start() for one in _BREAK.finditer(text)]
        line = bisect_left(breaks, each.start)
        if line not in hidden:
            column = each.start - (breaks[line - 1] if line else -1)
            length = each.end - each.start
            yield Credential(file=file, line=line + 1, column=column, sort=each.sort, characters=length)
