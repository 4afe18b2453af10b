"""Commits a few files as git would, without starting it: a test's forge is pushed to often, each time by a program.

Only what git keeps in a file of its own is read; where a pack has it, or a path is one that git may refuse, git must do
it. What is written is what git would have written, object for object: tests/forges/test_fakes.py compares.
"""

import hashlib
import os
import time
import zlib
from collections.abc import Iterable
from pathlib import Path

MOST = 50
"""Files of a commit; more are a pack to git."""
_FOLDER, _FILE, _LINK = b"40000", b"100644", b"120000"
_QUICK = 1
_ODD = {"", ".", ".."}


class LeftToGit(Exception):
    """This commit takes git itself."""


Change = tuple[str, bytes | None, bool]
"""A path, what is to stand there (None: nothing), and whether that is a link's target."""


class _Folder:
    """A folder of a commit on its way: read when somebody goes into it, written where something changed below."""

    def __init__(self, objects: Path, sha: str) -> None:
        self._objects = objects
        self._entries: dict[bytes, tuple[bytes, str] | _Folder] = dict(_entries(_read(objects, b"tree", sha)))

    def put(self, parts: list[bytes], entry: tuple[bytes, str] | None) -> None:
        """Have an entry at a path below, in place of whatever stands in its way, or none."""
        name, *rest = parts
        if rest:
            below = self._below(name, makes=entry is not None)
            if below:
                below.put(rest, entry)
        elif entry:
            self._entries[name] = entry
        else:
            self._entries.pop(name, None)

    def write(self) -> str:
        """Write what changed, and give the tree's name; empty where nothing is in it."""
        found: dict[bytes, tuple[bytes, str]] = {}
        for name, entry in self._entries.items():
            mode, sha = (_FOLDER, entry.write()) if isinstance(entry, _Folder) else entry
            if sha:
                found[name] = (mode, sha)
        ordered = sorted(found, key=lambda name: name + b"/" * (found[name][0] == _FOLDER))
        lines = (b"%s %s\0%s" % (found[name][0], name, bytes.fromhex(found[name][1])) for name in ordered)
        return write(self._objects, b"tree", b"".join(lines)) if found else ""

    def _below(self, name: bytes, *, makes: bool) -> "_Folder | None":
        entry = self._entries.get(name)
        if isinstance(entry, _Folder):
            return entry
        is_one = entry is not None and entry[0] == _FOLDER
        if not is_one and not makes:
            return None
        below = self._entries[name] = _Folder(self._objects, entry[1] if entry and is_one else "")
        return below


def commit(objects: Path, parent: str, changes: Iterable[Change], message: bytes, who: str, *, replace: bool) -> str:
    """Write a commit on top of another one, and give its name.

    Args:
        objects: the repository's folder of that name.
        parent: empty for the first.
        changes: in their order.
        message: as it is.
        who: author and committer.
        replace: nothing of the parent's files stays.

    Raises:
        LeftToGit: a pack has what it takes, or a path is odd.
    """
    before = _read(objects, b"commit", parent).partition(b"\n")[0].removeprefix(b"tree ").decode()
    root = _Folder(objects, "" if replace else before)
    for path, content, is_link in changes:
        parts = path.split("/")
        if _ODD & set(parts) or ".git" in path.lower() or "\0" in path:
            raise LeftToGit(path)
        mode = _LINK if is_link else _FILE
        entry = None if content is None else (mode, write(objects, b"blob", content))
        root.put([part.encode() for part in parts], entry)
    tree = root.write() or write(objects, b"tree", b"")
    lines = [f"tree {tree}", *([f"parent {parent}"] if parent else [])]
    moment = f"{who} {int(time.time())} {time.strftime('%z')}"
    lines += [f"author {moment}", f"committer {moment}", "", ""]
    return write(objects, b"commit", "\n".join(lines).encode() + message)


def write(objects: Path, kind: bytes, content: bytes) -> str:
    """Write an object, whole at any moment, and give its name."""
    whole = b"%s %d\0%s" % (kind, len(content), content)
    sha = hashlib.sha1(whole).hexdigest()
    place = objects / sha[:2] / sha[2:]
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        aside = place.with_name(f"tmp_obj_{os.getpid()}_{sha[:8]}")
        aside.write_bytes(zlib.compress(whole, _QUICK))
        aside.rename(place)
    return sha


def _read(objects: Path, kind: bytes, sha: str) -> bytes:
    if not sha:
        return b""
    try:
        head, _, content = zlib.decompress((objects / sha[:2] / sha[2:]).read_bytes()).partition(b"\0")
    except FileNotFoundError:
        raise LeftToGit(sha) from None
    assert head.startswith(kind), f"{sha} is a {head.decode()}"
    return content


def _entries(tree: bytes) -> Iterable[tuple[bytes, tuple[bytes, str]]]:
    while tree:
        head, _, rest = tree.partition(b"\0")
        mode, _, name = head.partition(b" ")
        yield name, (mode, rest[:20].hex())
        tree = rest[20:]
