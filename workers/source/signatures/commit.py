"""A commit as git stores it: what its signature covers, the signature, and what the verdict must know beside it."""

import re
from dataclasses import dataclass

_SIGNATURES = (b"gpgsig", b"gpgsig-sha256")
_COMMITTER = re.compile(rb"committer [^\n<>]*<([^\n<>]*)> (\d{1,12}) [+-]\d{4}")
_FORGES_MERGES = (
    re.compile(r"Merge pull request (?:#\d+|'.*' \(#\d+\)) from "),
    re.compile(r"^See merge request \S+!\d+", re.MULTILINE),
)
"""How GitHub, Gitea and GitLab call the merges that they make. Whoever copies it gets another advice, no more."""
_AT_GITHUB = b"noreply@github.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """`payload` is what was signed; `signatures` are the armours, of which there must be one; `made` epoch seconds.

    `made` is the committer's own time, or None where that line cannot be read.
    """

    payload: bytes
    signatures: tuple[bytes, ...]
    made: float | None
    by_the_forge: bool


def read(raw: bytes, sha: str) -> Commit:
    """Take a commit apart; a signature counts in the header of the repository's own hash algorithm only."""
    head, blank, message = raw.partition(b"\n\n")
    kept, found = [], []
    own = _SIGNATURES[len(sha) == 64]
    for name, lines in _headers(head):
        if name not in _SIGNATURES:
            kept += lines
        elif name == own:
            found.append(_unfolded(name, lines))
    payload = b"\n".join(kept) + blank + message
    committer = next((match for line in kept if (match := _COMMITTER.fullmatch(line))), None)
    return Commit(
        payload=payload,
        signatures=tuple(found),
        made=float(committer[2]) if committer else None,
        by_the_forge=_looks_like_a_forges(committer[1] if committer else b"", message),
    )


def _headers(head: bytes) -> list[tuple[bytes, list[bytes]]]:
    """Give each header's name and its lines; those that begin with a space go on with the one before."""
    found: list[tuple[bytes, list[bytes]]] = []
    for line in head.split(b"\n"):
        if line.startswith(b" ") and found:
            found[-1][1].append(line)
        else:
            found.append((line.partition(b" ")[0], [line]))
    return found


def _unfolded(name: bytes, lines: list[bytes]) -> bytes:
    first, *rest = lines
    return b"\n".join([first[len(name) + 1 :], *(line[1:] for line in rest)])


def _looks_like_a_forges(committer: bytes, message: bytes) -> bool:
    text = message[:10_000].decode("utf-8", "replace")
    subject = text.partition("\n")[0]
    github, gitlab = _FORGES_MERGES
    return committer == _AT_GITHUB or bool(github.match(subject) or gitlab.search(text))
