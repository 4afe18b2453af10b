"""States kept in the repository itself: one line each in the note on the commit, under refs/notes/pushboat."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.git import command
from pushboat.model.deployment import short

REF = "refs/notes/pushboat"
_LOCK_SECONDS = 5.0


def append(repository: Path, sha: str, context: str, sentence: str) -> None:
    """Add a line to a commit's note, unless it is the context's newest line already."""
    with _locked(repository):
        known = command.run(repository, "cat-file", "-e", f"{sha}^{{commit}}")
        if known.returncode:
            raise ForgeRefused(f"{repository.name} has no commit {short(sha)}; it was rewritten or never pushed")
        lines = command.run(repository, "notes", f"--ref={REF}", "show", sha).stdout.splitlines()
        mine = [line.partition(" ")[2] for line in lines if line.partition(" ")[2].startswith(f"{context} ")]
        line = f"{context} {sentence}"
        if mine and mine[-1] == line:
            return
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = "\n".join([*lines, f"{stamp} {line}"]) + "\n"
        written = command.run(repository, "notes", f"--ref={REF}", "add", "--force", "--file=-", sha, stdin=text)
        if written.returncode:
            raise ForgeUnavailable(
                f"the note in {repository.name} could not be written: {written.stderr.strip()[:200]}"
            )


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
                raise ForgeUnavailable(f"the notes of {repository.name} are locked by another process")
            time.sleep(0.02)
        yield


def _taken(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
