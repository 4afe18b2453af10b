"""Files of a work tree on their way to a Pushboat elsewhere: one text, bounded, with each file's path and mode.

Whoever reads them takes them for hostile: what is written here says nothing of what comes.
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from pushboat.errors import PushboatError
from pushboat.model.inflating import Inflating, Unreadable

LARGEST_SENT = 4 << 20
"""Bytes, compressed."""
MOST_BYTES = 32 << 20
MOST_FILES = 5_000
LONGEST_PATH, LONGEST_LINK = 1_000, 4_096
FILE, PROGRAM, LINK, SUBMODULE = "100644", "100755", "120000", "160000"
_MODES = (FILE, PROGRAM, LINK, SUBMODULE)
_LARGEST_HEAD = 8 << 20
_SUBMODULE_NAMES = (40, 64)
_BEGINS, _GOES_ON, _ENDS = re.compile(r"\s*\["), re.compile(r"\s*,"), re.compile(r"\s*\]\s*")
_ROW = re.compile(
    r"""\s*\[\s*"(?P<mode>\d{6})"\s*,\s*(?P<size>\d{1,9})\s*,\s*(?P<path>"[^"\\]*+(?:\\.[^"\\]*+)*+")\s*\]""", re.ASCII
)


class Unsendable(PushboatError):
    """These are no files that a plan can be made of; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """One file; of a link `content` is where it leads, of a submodule the name of its commit."""

    path: str
    mode: str
    content: bytes = field(repr=False)


def packed(files: Sequence[SentFile]) -> str:
    """Write files as one text.

    Raises:
        Unsendable: they are too many, too large, or one of them has no name that can be sent.
    """
    _demand(files)
    head = json.dumps([[each.mode, len(each.content), each.path] for each in files]).encode()
    sent = zlib.compress(head + b"\n" + b"".join(each.content for each in files), 9)
    if len(sent) > LARGEST_SENT:
        raise _too_large()
    return base64.b64encode(sent).decode("ascii")


def checked(text: str) -> bytes:
    """Give what somebody sent as it is kept, once it has been read.

    Raises:
        Unsendable: it is not what `packed` writes.
    """
    try:
        sent = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Unsendable("the files are not written in base64") from error
    _opened(sent, whole=False)
    return sent


def opened(sent: bytes) -> tuple[SentFile, ...]:
    """Read what was kept.

    Raises:
        Unsendable: it is not what `packed` writes.
    """
    return _opened(sent, whole=True)


def _opened(sent: bytes, *, whole: bool) -> tuple[SentFile, ...]:
    """Read all of it; where not the `whole` is wanted, without the content of files, which nobody looks at then."""
    if len(sent) > LARGEST_SENT:
        raise _too_large()
    stream = Inflating(sent)
    try:
        rows = _rows(stream.line(_LARGEST_HEAD))
        files = tuple(_file(stream, *row, whole=whole) for row in rows)
        stream.end()
    except Unreadable as error:
        raise Unsendable(f"the files cannot be read: {error}") from error
    _demand(files)
    return files


def _file(stream: Inflating, mode: str, size: int, path: str, *, whole: bool) -> SentFile:
    if whole or (mode in (LINK, SUBMODULE) and size <= LONGEST_LINK):
        return SentFile(path=path, mode=mode, content=stream.take(size))
    stream.skip(size)
    return SentFile(path=path, mode=mode, content=b"")


def _rows(head: bytes) -> list[tuple[str, int, str]]:
    """Read each file's mode, size and path, one after the other: all at once a few bytes may become much."""
    try:
        text = head.decode()
        rows: list[tuple[str, int, str]] = []
        at = _BEGINS.match(text)
        while at and (found := _ROW.match(text, at.end())):
            if len(rows) == MOST_FILES:
                raise _too_large()
            rows.append((found["mode"], int(found["size"]), str(json.loads(found["path"]))))
            at = _GOES_ON.match(text, found.end()) or _ENDS.fullmatch(text, found.end())
        ended = at is not None and at.re is _ENDS
    except ValueError:
        ended = False
    if not ended or not all(mode in _MODES for mode, _, _ in rows):
        raise Unsendable("the files' names cannot be read")
    if sum(size for _, size, _ in rows) > MOST_BYTES:
        raise _too_large()
    return rows


def _demand(files: Sequence[SentFile]) -> None:
    if not files:
        raise Unsendable("there are no files")
    if len(files) > MOST_FILES or sum(len(each.content) for each in files) > MOST_BYTES:
        raise _too_large()
    paths: set[str] = set()
    for each in files:
        _demand_path(each.path)
        if each.path in paths:
            raise Unsendable(f"{each.path} is there twice")
        paths.add(each.path)
        if each.mode == LINK and (not 0 < len(each.content) <= LONGEST_LINK or b"\0" in each.content):
            raise Unsendable(f"{each.path} is a link that leads nowhere")
        if each.mode == SUBMODULE and not _is_commit(each.content):
            raise Unsendable(f"{each.path} is a submodule without a commit")
    for path in paths:
        parts = path.split("/")
        if any("/".join(parts[:depth]) in paths for depth in range(1, len(parts))):
            raise Unsendable(f"{path} lies in what is a file too")


def _demand_path(path: str) -> None:
    """Accept what git may hold and a terminal may show; `.git` under no name that any file system takes for it."""
    parts = path.split("/")
    if not path.isprintable() or len(path.encode("utf-8", "replace")) > LONGEST_PATH:
        raise Unsendable("a file has a name that is too long, or has control characters: rename it")
    if {"", ".", ".."} & set(parts) or any(_is_gits(each) for each in parts):
        raise Unsendable(f"{path} is no name of a file in a repository")


def _is_gits(name: str) -> bool:
    plain = name.rstrip(". ").lower().split(":")[0]
    return plain in (".git", "git~1") or "\\" in name


def _is_commit(name: bytes) -> bool:
    return len(name) in _SUBMODULE_NAMES and set(name) <= set(b"0123456789abcdef")


def _too_large() -> Unsendable:
    return Unsendable(
        f"these files are more than is sent ({MOST_FILES} of them, {MOST_BYTES >> 20} MiB, "
        f"{LARGEST_SENT >> 20} MiB compressed): commit them, and plan the commit"
    )
