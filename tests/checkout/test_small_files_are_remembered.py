"""What a commit holds does not change: git is asked once for a small file, whoever looks at it again."""

from pathlib import Path

import pytest

from workers.source.git import remembering
from workers.source.git.remembering import Remembered

KEY = (Path("/cache/a.git"), "1" * 40, ".pushboat.yaml")


def fails() -> bytes | None:
    """Be git, for which it is no time to be asked."""
    raise LookupError


def test_it_is_read_once() -> None:
    """A file, and that there is none; another commit, path or remote is another question."""
    files = Remembered()
    assert files.read(KEY, lambda: b"a") == b"a"
    assert files.read(KEY, fails) == b"a"
    path, sha, name = KEY
    for other in ((Path("/cache/b.git"), sha, name), (path, "2" * 40, name), (path, sha, "other.yaml")):
        assert files.read(other, lambda: None) is None
        assert files.read(other, fails) is None


def test_what_fails_is_tried_again() -> None:
    """The forge was away when I looked first."""
    files = Remembered()
    with pytest.raises(LookupError):
        files.read(KEY, fails)
    assert files.read(KEY, lambda: b"there") == b"there"


def test_memory_is_bounded() -> None:
    """Neither large files nor those of long ago are kept, however many commits are pushed."""
    files = Remembered()
    large = b"x" * (remembering.LARGEST + 1)
    assert files.read(KEY, lambda: large) == large
    with pytest.raises(LookupError):
        files.read(KEY, fails)
    for number in range(remembering.MOST + 1):
        files.read((*KEY[:2], f"{number}"), lambda: b"")
    with pytest.raises(LookupError):
        files.read((*KEY[:2], "0"), fails)
    assert files.read((*KEY[:2], "1"), fails) == b""
