"""One ref of a remote that is ours alone: read whole, and moved on by a commit of files, from a repository of a moment.

Its commits are found by no sha, and there may be none yet, so no cache has them. Nobody's push is overwritten: the
remote moves the ref only from where it was read.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pushboat.errors import CheckoutFailed, ForgeRefused, ForgeUnavailable
from pushboat.model.remote import Remote
from pushboat.model.wording import printable
from workers.running.spawning import Finished, Stopped, TooMuchOutput
from workers.source.git import heads
from workers.source.git.command import Repository
from workers.source.git.remotes import access
from workers.source.git.troubles import BrokenCache, translate

TIMEOUT = 60.0
LARGEST = 64 << 20
"""Bytes of all files of one commit."""
BY = "Pushboat <pushboat@localhost>"
_HERE = "refs/pushboat/here"
_MOVED = re.compile(r"stale info|fetch first|non-fast-forward|already exists|cannot lock ref|failed to update ref")
_REJECTED = re.compile(r"^!\t[^\t]*\t\[(?:remote )?(?:rejected|failure)\] ?\(?(.*?)\)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a commit holds: all of its files, by their paths, and its message; `at` is when, in whole seconds."""

    message: str
    files: Mapping[str, bytes] = field(repr=False)
    at: int = 0


Unless = Callable[[str, Callable[[], Mapping[str, bytes]]], bool]
"""Is given a commit's message, and a way to read its files."""


def read(scratch: Path, remote: Remote, ref: str) -> Snapshot | None:
    """Read all of the newest commit; None where the remote has no such ref.

    Raises:
        CheckoutFailed: it is larger than 64 MiB, or no commit of files.
        ForgeUnavailable, ForgeRefused: the remote does not answer, or does not let us in.
    """
    sha = _standing(scratch, remote, ref)
    if not sha:
        return None
    with _of_a_moment(scratch, remote, sha) as repository:
        return Snapshot(message=_fetched(repository, ref, sha), files=_files(repository, ref, sha))


def move_on(
    scratch: Path, remote: Remote, ref: str, wanted: Snapshot, *, unless: Unless = lambda _message, _files: False
) -> bool:
    """Commit files behind what the ref has, and push that; False, and nothing changed, where `unless` says so of its
    newest commit.

    Raises:
        CheckoutFailed: it holds something else than commits.
        ForgeUnavailable: the remote does not answer, or somebody moved the ref at the same moment.
        ForgeRefused: it does not let us, or does not take it.
    """
    before = _standing(scratch, remote, ref)
    with _of_a_moment(scratch, remote, before) as repository:
        if before and unless(_fetched(repository, ref, before), partial(_files, repository, ref, before)):
            return False
        _run(repository, before, "fast-import", "--quiet", "--done", stdin=b"".join(_stream(wanted, before)))
        lease = f"--force-with-lease={ref}:{before}"
        words = ("push", "--porcelain", "--no-verify", "--no-follow-tags", lease, "--", "origin", f"{_HERE}:{ref}")
        finished = repository.git(*words, timeout=TIMEOUT)
        if finished.code != 0:
            raise _trouble(finished, repository, ref, before)
        return True


def _standing(scratch: Path, remote: Remote, ref: str) -> str:
    return heads.heads_of(scratch, remote, [ref]).get(ref, ("",))[0]


@contextmanager
def _of_a_moment(scratch: Path, remote: Remote, sha: str) -> Iterator[Repository]:
    with TemporaryDirectory(dir=scratch, prefix="ref-") as folder:
        path = Path(folder) / "one.git"
        path.mkdir()
        repository = Repository(path, access(remote))
        repository.configure()
        algorithm = "sha256" if len(sha) == 64 else "sha1"
        try:
            _run(repository, sha, "init", "--quiet", "--bare", "--template=", f"--object-format={algorithm}")
            yield repository
        except Stopped as error:
            raise ForgeUnavailable(f"git did not finish: {error}") from error


def _files(repository: Repository, ref: str, sha: str) -> Mapping[str, bytes]:
    try:
        return _read_files(repository, sha)
    except TooMuchOutput as error:
        raise CheckoutFailed(f"{printable(ref, 200)} holds more than {LARGEST >> 20} MiB") from error


def _read_files(repository: Repository, sha: str) -> dict[str, bytes]:
    """Read each plain file, by one git of the moment: the program that stays would outlive the repository."""
    listed = _run(repository, sha, "ls-tree", "-r", "-z", "--full-tree", sha)
    named = [line.partition(b"\t") for line in listed.split(b"\0") if line.startswith(b"100")]
    oids = [described.split(b" ")[2] for described, _, _ in named]
    output = _run(repository, sha, "cat-file", "--batch", stdin=b"".join(oid + b"\n" for oid in oids))
    files, at = {}, 0
    for _, _, path in named:
        end = output.index(b"\n", at)
        size = int(output[at:end].split(b" ")[2])
        files[path.decode("utf-8", "surrogateescape")] = output[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return files


def _fetched(repository: Repository, ref: str, sha: str) -> str:
    """Fetch the newest commit of a ref, and give its message."""
    words = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth=1")
    _run(repository, sha, *words, "--", "origin", f"{ref}:{_HERE}")
    finished = repository.git("cat-file", "commit", sha, timeout=TIMEOUT, max_output=LARGEST)
    if finished.code != 0:
        raise CheckoutFailed(f"{printable(ref, 200)} holds no commit: whoever may push there has to delete it")
    return finished.stdout.partition(b"\n\n")[2].decode("utf-8", "replace")


def _stream(wanted: Snapshot, before: str) -> Iterator[bytes]:
    message, by = wanted.message.encode(), f"{BY} {wanted.at} +0000"
    yield f"commit {_HERE}\nauthor {by}\ncommitter {by}\ndata {len(message)}\n".encode()
    yield message
    yield f"\nfrom {before}\ndeleteall\n".encode() if before else b"\n"
    for path, content in wanted.files.items():
        yield b'M 100644 inline "%s"\ndata %d\n' % (path.encode(), len(content))
        yield content
        yield b"\n"
    yield b"done\n"


def _run(repository: Repository, sha: str, *words: str, stdin: bytes = b"") -> bytes:
    finished = repository.git(*words, timeout=TIMEOUT, stdin=stdin, max_output=LARGEST)
    if finished.code != 0:
        raise _as_error(translate(finished, repository.access, sha))
    return finished.stdout


def _trouble(finished: Finished, repository: Repository, ref: str, sha: str) -> Exception:
    rejected = _REJECTED.search(finished.stdout.decode("utf-8", "replace"))
    if rejected is None:
        return _as_error(translate(finished, repository.access, sha))
    if _MOVED.search(rejected[1]):
        return ForgeUnavailable(f"somebody moved {printable(ref, 200)} at the same moment")
    return ForgeRefused(f"the forge does not take {printable(ref, 200)}: {printable(rejected[1], 300)}")


def _as_error(trouble: Exception) -> Exception:
    return ForgeUnavailable(str(trouble)) if isinstance(trouble, BrokenCache) else trouble
