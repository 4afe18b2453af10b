"""Git's objects, read through one program per cache that stays: commits, trees and files, asked for by their ids alone.

Starting git costs more than all that it is asked here. What is not in the cache is not fetched by it, for it knows
neither the remote nor a token: whoever misses something asks the slow way, which fetches or says what is wrong. Trees
never change, so those that were read last stay in memory.
"""

import atexit
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pushboat.recent import Recent
from workers.running.conversing import Conversation
from workers.running.spawning import Stopped, TooMuchOutput
from workers.source.git.command import LOCAL_TIMEOUT, Repository

MOST_PROGRAMS = 8
MOST_REMEMBERED = 200_000
"""Entries of trees that are kept in memory, of all repositories together; some forty megabytes."""
LARGEST_TREE = 8 << 20
_AT_ONCE = 100
"""Objects that are asked for in one breath: their names must fit into a pipe."""


class Missing(Exception):
    """It is not in the cache, or cannot be read this way."""


@dataclass(frozen=True, slots=True)
class Node:
    """One name in a tree."""

    mode: str
    name: str
    oid: str


Tree = tuple[Node, ...]


def tree_of(repository: Repository, sha: str) -> str:
    """Name the tree of a commit.

    Raises:
        Missing: the commit is not there.
    """
    (commit,) = read(repository, [sha], b"commit", LARGEST_TREE)
    word, _, rest = commit.partition(b" ")
    if word != b"tree":
        raise Missing(sha)
    return rest[: len(sha)].decode("ascii", "replace")


def tree(repository: Repository, oid: str) -> Tree:
    """Give the names in a tree.

    Raises:
        Missing: it is not there, or larger than any that we read.
    """
    known = _TREES.find([oid])
    if not known:
        try:
            (raw,) = read(repository, [oid], b"tree", LARGEST_TREE)
            known = {oid: _parsed(raw, len(oid) // 2)}
        except (TooMuchOutput, ValueError) as error:
            raise Missing(oid) from error
        _TREES.keep(known)
    return known[oid]


def read(repository: Repository, oids: Sequence[str], kind: bytes, most: int) -> list[bytes]:
    """Read objects of one kind, in their order, `most` bytes together.

    Raises:
        Missing: one is not there, or no such.
        TooMuchOutput: they are larger than that.
    """
    try:
        with _PROGRAMS.talking(repository) as program:
            found = list(_answers(program, oids, kind, most))
    except TooMuchOutput:
        raise
    except (Stopped, OSError) as trouble:
        raise Missing(str(trouble)) from trouble
    there = [each for each in found if each is not None]
    if len(there) < len(oids):
        raise Missing(oids[found.index(None)])
    return there


def _answers(program: Conversation, oids: Sequence[str], kind: bytes, most: int) -> Iterator[bytes | None]:
    """Ask for objects, and hear every answer out, also where one is None: it is not there, or no such."""
    deadline, left = time.monotonic() + LOCAL_TIMEOUT, most
    for start in range(0, len(oids), _AT_ONCE):
        asked = oids[start : start + _AT_ONCE]
        program.say("".join(f"{oid}\n" for oid in asked).encode("ascii"))
        for oid in asked:
            words = program.line(deadline).split(b" ")
            if words[0] != oid.encode() or not words[-1].isdigit():
                yield None
                continue
            left -= int(words[2])
            if left < 0:
                raise TooMuchOutput(f"git's objects are larger than {most} bytes")
            content = program.exactly(int(words[2]) + 1, deadline)[:-1]
            yield content if words[1] == kind else None


def _parsed(raw: bytes, length: int) -> Tree:
    """Read a tree as git stores it: mode, name and a binary id of `length` bytes, one after the other."""
    found, at = [], 0
    while at < len(raw):
        space, end = raw.index(b" ", at), raw.index(b"\0", at)
        mode, name = raw[at:space].decode("ascii"), raw[space + 1 : end].decode("utf-8", "surrogateescape")
        at = end + 1 + length
        found.append(Node(mode.zfill(6), name, raw[end + 1 : at].hex()))
    return tuple(found)


_Key = tuple[object, ...]
_Turn = tuple[threading.Lock, list[Conversation]]


class _Programs:
    """One program for each cache, those that were asked last; each is asked by one thread at a time."""

    def __init__(self) -> None:
        self._open: OrderedDict[_Key, _Turn] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def talking(self, repository: Repository) -> Iterator[Conversation]:
        """Ask a repository's program; one that was left in the middle of an answer is ended, and started anew."""
        objects = (repository.path / "objects").stat()
        key = (os.getpid(), str(repository.path), objects.st_dev, objects.st_ino)
        with self._turn(key) as program:
            if not program:
                program.append(Conversation(_COMMAND, environ=repository.reading, cwd=repository.path))
            try:
                yield program[0]
            except BaseException:
                program.pop().end()
                raise

    @contextmanager
    def _turn(self, key: _Key) -> Iterator[list[Conversation]]:
        """Wait for a program's turn; one that has made room for another meanwhile is nobody's to ask any more."""
        while True:
            turn, program = found = self._of(key)
            with turn:
                if self._open.get(key) is found:
                    yield program
                    return

    def _of(self, key: _Key) -> _Turn:
        with self._lock:
            if not self._open:
                atexit.register(self._end_all)
            found = self._open.setdefault(key, (threading.Lock(), []))
            self._open.move_to_end(key)
            too_many = [self._open.popitem(last=False)[1] for _ in range(len(self._open) - MOST_PROGRAMS)]
        for turn, program in too_many:
            self._end(turn, program)
        return found

    def _end_all(self) -> None:
        """End what this process has started; what it was forked from ends its own."""
        for key, (turn, program) in self._open.items():
            if key[0] == os.getpid():
                self._end(turn, program)

    @staticmethod
    def _end(turn: threading.Lock, program: list[Conversation]) -> None:
        with turn:
            while program:
                program.pop().end()


_COMMAND = ("git", "cat-file", "--batch")
_TREES: Recent[str, Tree] = Recent(MOST_REMEMBERED, lambda tree: 1 + len(tree))
_PROGRAMS = _Programs()
