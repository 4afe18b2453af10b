"""Files of a work tree that come from elsewhere are hostile: whatever is odd about them is refused in a sentence."""

import base64
import json
import tracemalloc
import zlib
from contextlib import nullcontext
from pathlib import Path

import pytest

from pushboat.model.remote import Remote
from pushboat.model.sent_files import (
    FILE,
    LARGEST_SENT,
    LINK,
    MOST_BYTES,
    SentFile,
    Unsendable,
    checked,
    opened,
    packed,
)
from workers.source import checkout
from workers.source.git.importing import imported

A = SentFile(path="deploy/a.yaml", mode=FILE, content=b"a: 1\n")


def text(rows: object, contents: bytes = b"", more: bytes = b"") -> str:
    """Write what a client of ours never would."""
    return base64.b64encode(zlib.compress(json.dumps(rows).encode() + b"\n" + contents) + more).decode()


def test_what_is_packed_is_read_back() -> None:
    """Names, modes and contents, to the last byte; also names beyond ASCII, with quotes and blanks."""
    files = (
        A,
        SentFile(path='déploy/a "b" c.yaml', mode="100755", content=b"\0\n"),
        SentFile(path="link", mode=LINK, content=b"../deploy"),
        SentFile(path="vendor/x", mode="160000", content=b"a" * 40),
    )
    assert opened(checked(packed(files))) == files


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../a",
        "a/../b",
        "a//b",
        "./a",
        ".git/config",
        "a/.GIT/hooks/post-checkout",
        ".git./config",
        "git~1/config",
        ".git::$INDEX_ALLOCATION/config",
        "a\\..\\b",
        "a\nM 100644 inline b",
        "a\x1b[2J",
        "a\u202eb",
        ".g\u200cit/config",
        "a" * 1001,
        "\ud800",
    ],
)
def test_a_name_that_no_repository_has_is_refused(path: str) -> None:
    """Neither ours packs it nor is it read."""
    with pytest.raises(Unsendable):
        packed([SentFile(path=path, mode=FILE, content=b"")])
    with pytest.raises(Unsendable):
        checked(text([[FILE, 0, path]]))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "no base64!",
        base64.b64encode(b"not compressed").decode(),
        text([]),
        text({}),
        text([["100644", 1, "a"]]),
        text([["100644", 1, "a"]], b"xy"),
        text([["100644", -1, "a"], ["100644", 2, "b"]], b"x"),
        text([["100644", True, "a"]], b"x"),
        text([["100666", 1, "a"]], b"x"),
        text([["040000", 1, "a"]], b"x"),
        text([["100644", 1, "a"], ["100644", 1, "a"]], b"xy"),
        text([["100644", 1, "a"], ["100644", 1, "a/b"]], b"xy"),
        text([[LINK, 0, "a"]]),
        text([[LINK, 3, "a"]], b"a\0b"),
        text([[LINK, 5000, "a"]], b"a" * 5000),
        text([["160000", 3, "a"]], b"abc"),
        text([["100644", 1, "a"]], b"x", b"more"),
        text([["100644", 0, f"{number}"] for number in range(5001)]),
        base64.b64encode(zlib.compress(b"[" * 100_000)).decode(),
        base64.b64encode(zlib.compress(b"x" * 100)[:-3]).decode(),
        base64.b64encode(b"x" * (LARGEST_SENT + 1)).decode(),
    ],
)
def test_what_ends_elsewhere_or_is_something_else_is_refused(written: str) -> None:
    """Whatever it is: one sentence, and no trace."""
    with pytest.raises(Unsendable) as refused:
        checked(written)
    assert refused.value.summary


def test_a_little_that_becomes_much_is_not_unfolded() -> None:
    """A hundred megabytes of zeros compress well: they are left as they are after as much as is allowed."""
    bomb = zlib.compressobj(9)
    sent = b"".join(bomb.compress(b"\0" * (1 << 20)) for _ in range(128)) + bomb.flush()
    assert len(sent) < LARGEST_SENT
    tracemalloc.start()
    with pytest.raises(Unsendable):
        opened(sent)
    assert tracemalloc.get_traced_memory()[1] < 3 * MOST_BYTES
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("head", "content", "is_read"),
    [
        (json.dumps([[FILE, MOST_BYTES, "a"]]), b"\0" * MOST_BYTES, True),
        (json.dumps([[FILE, MOST_BYTES + 1, "a"]]), b"\0" * (MOST_BYTES + 1), False),
        (f"[{'[],' * (5 << 19)}[]]", b"", False),
        ("[" * (8 << 20), b"", False),
        (f'[["100644", 1, "{"a" * (7 << 20)}"]]', b"x", False),
        ("x" * (40 << 20), b"", False),
    ],
    ids=["all that may be sent", "a byte more", "lists", "depth", "a name", "no line"],
)
def test_looking_through_what_was_sent_takes_little(head: str, content: bytes, *, is_read: bool) -> None:
    """However much it becomes, whoever takes it in holds a piece of it at a time, and the list of names."""
    sent = base64.b64encode(zlib.compress(head.encode() + b"\n" + content)).decode()
    del content
    tracemalloc.start()
    with nullcontext() if is_read else pytest.raises(Unsendable):
        checked(sent)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < (1 << 20) + 4 * min(len(head), 9 << 20)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_they_become_a_commit_alone(algorithm: str, tmp_path: Path) -> None:
    """Its files are read as any commit's are, and a name that ends a line of git's own stream is only a name."""
    remote = Remote(url=str(tmp_path / "sent"))
    odd = SentFile(path='deploy/"x" é.yaml', mode=FILE, content=b"done\nM 100644 inline b\n")
    sha = imported(tmp_path / "git", remote, [A, odd], algorithm)
    assert len(sha) == (64 if algorithm == "sha256" else 40)
    assert checkout.read_file(tmp_path / "git", remote, "it", sha, A.path) == A.content
    assert checkout.read_file(tmp_path / "git", remote, "it", sha, odd.path) == odd.content
