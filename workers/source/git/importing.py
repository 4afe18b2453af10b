"""A commit of files that somebody sent, alone in a repository of its own: git sees them as a stream that we write.

Their names were judged before, and are quoted here. Git checks nothing of it out, and knows neither remote nor token.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pushboat.errors import CheckoutFailed
from pushboat.model.remote import Remote
from pushboat.model.sent_files import SUBMODULE, SentFile
from pushboat.model.wording import printable
from workers.source.git import cache
from workers.source.git.command import Repository
from workers.source.git.remotes import access

IMPORT_TIMEOUT = 60.0
_REF = "refs/pushboat/sent"
_BY = "Pushboat <pushboat@localhost> 0 +0000"


def imported(caches: Path, remote: Remote, files: Iterable[SentFile], algorithm: str) -> str:
    """Make the commit below `caches`, as if it had been fetched from `remote`, and give its sha.

    Raises:
        CheckoutFailed: git does not take them.
    """
    place = cache.place(caches, remote, 64 if algorithm == "sha256" else 40)
    place.mkdir(parents=True)
    repository = Repository(place, access(remote))
    repository.configure()
    _run(repository, "init", "--quiet", "--bare", "--template=", f"--object-format={algorithm}")
    _run(repository, "fast-import", "--quiet", "--done", stdin=b"".join(_stream(files)))
    sha = _run(repository, "rev-parse", "--verify", _REF).decode("ascii").strip()
    _run(repository, "update-ref", cache.ref_name(sha), sha)
    return sha


def _stream(files: Iterable[SentFile]) -> Iterator[bytes]:
    yield f"commit {_REF}\ncommitter {_BY}\ndata 0\n".encode()
    for each in files:
        path = each.path.replace("\\", "\\\\").replace('"', '\\"').encode()
        if each.mode == SUBMODULE:
            yield b'M %s %s "%s"\n' % (each.mode.encode(), each.content, path)
        else:
            yield b'M %s inline "%s"\ndata %d\n' % (each.mode.encode(), path, len(each.content))
            yield each.content
            yield b"\n"
    yield b"done\n"


def _run(repository: Repository, *words: str, stdin: bytes = b"") -> bytes:
    finished = repository.git(*words, timeout=IMPORT_TIMEOUT, stdin=stdin)
    if finished.code != 0:
        said = finished.errors.splitlines() or [f"exit code {finished.code}"]
        raise CheckoutFailed(f"git does not take these files: {printable(said[-1], 200)}")
    return finished.stdout
