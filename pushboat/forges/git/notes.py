"""States kept in the repository itself: one line each in the note on the commit, under refs/notes/pushboat."""

import fcntl
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.git import command
from pushboat.model.deployment import short

REF = "refs/notes/pushboat"
_LOCK_SECONDS = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A line that is to be written, which no other one equals; `written` ends with what came of it."""

    sha: str
    context: str
    sentence: str
    written: Future[None] = field(default_factory=Future)


class _Repository:
    """The lines of this process that wait for one repository: whoever's turn it is writes those of its commit too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changed = Condition()
        self._waiting: list[_Line] = []
        self._busy = False

    def append(self, line: _Line) -> None:
        if together := self._turn(line):
            self._write(together)
        line.written.result()

    def _turn(self, line: _Line) -> list[_Line]:
        """Wait until another thread has written the line, or give all that this one is to write now."""
        with self._changed:
            self._waiting.append(line)
            if not self._changed.wait_for(lambda: line not in self._waiting or not self._busy, _LOCK_SECONDS):
                self._waiting.remove(line)
                raise _locked_out(self._folder)
            if line not in self._waiting:
                return []
            self._busy = True
            together = [one for one in self._waiting if one.sha == line.sha]
            self._waiting = [one for one in self._waiting if one.sha != line.sha]
            return together

    def _write(self, together: Sequence[_Line]) -> None:
        try:
            _write(self._folder, together)
        except Exception as error:  # noqa: BLE001 - each of them raises it
            for line in together:
                line.written.set_exception(error)
        else:
            for line in together:
                line.written.set_result(None)
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()


_REPOSITORIES: dict[Path, _Repository] = {}


def append(repository: Path, sha: str, context: str, sentence: str) -> None:
    """Add a line to a commit's note, unless it is the context's newest line already.

    Raises:
        ForgeRefused: the commit is not there, or the repository cannot be written.
        ForgeUnavailable: another process writes, or git could not.
    """
    _REPOSITORIES.setdefault(repository, _Repository(repository)).append(_Line(sha, context, sentence))


def _write(repository: Path, news: Sequence[_Line]) -> None:
    sha = news[0].sha
    with _locked(repository):
        before = command.run(repository, "notes", f"--ref={REF}", "show", sha).stdout.splitlines()
        lines = list(before)
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for new in news:
            said = [line.partition(" ")[2] for line in lines]
            mine = [line for line in said if line.startswith(f"{new.context} ")]
            if not mine or mine[-1] != f"{new.context} {new.sentence}":
                lines.append(f"{stamp} {new.context} {new.sentence}")
        if lines != before:
            _replace(repository, sha, "\n".join(lines) + "\n")


def _replace(repository: Path, sha: str, text: str) -> None:
    commit = f"{sha}^{{commit}}"
    written = command.run(repository, "notes", f"--ref={REF}", "add", "--force", "--file=-", commit, stdin=text)
    if not written.returncode:
        return
    if command.run(repository, "cat-file", "-e", commit).returncode:
        raise ForgeRefused(f"{repository.name} has no commit {short(sha)}; it was rewritten or never pushed")
    raise ForgeUnavailable(f"the note in {repository.name} could not be written: {written.stderr.strip()[:200]}")


@contextmanager
def _locked(repository: Path) -> Iterator[None]:
    # `git notes` reads, then writes without comparing: two at once would lose a line.
    try:
        lock = (repository / "pushboat-notes.lock").open("a")
    except OSError as error:
        raise ForgeRefused(f"{repository.name} is not writable for Pushboat's account; give it write access") from error
    with lock:
        deadline = time.monotonic() + _LOCK_SECONDS
        while not _taken(lock.fileno()):
            if time.monotonic() > deadline:
                raise _locked_out(repository)
            time.sleep(0.02)
        yield


def _taken(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _locked_out(repository: Path) -> ForgeUnavailable:
    return ForgeUnavailable(f"the notes of {repository.name} are locked by another process")
