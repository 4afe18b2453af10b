"""What a commit holds: names and modes first, contents after they were judged."""

from collections.abc import Iterable
from dataclasses import dataclass

from pushboat.errors import CheckoutFailed, PushboatError
from workers.running.spawning import Finished, TooMuchOutput
from workers.source.git.command import Repository
from workers.source.git.troubles import BrokenCache, translate

FETCH_TIMEOUT = 120.0
_MIB = 1 << 20
_LONGEST_LISTING = 8 * _MIB
"""More than 100,000 names; a folder's tree may also repeat itself without end."""
_PER_BLOB = 128
"""Bytes that `cat-file --batch` prints around each content, rounded up."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree; `path` is relative to the repository's root."""

    mode: str
    oid: str
    path: str

    @property
    def is_link(self) -> bool:
        """Say whether it is a symbolic link."""
        return self.mode == "120000"

    @property
    def is_submodule(self) -> bool:
        """Say whether it points to another repository."""
        return self.mode == "160000"

    @property
    def is_folder(self) -> bool:
        """Say whether it is a tree."""
        return self.mode == "040000"


def entries(repository: Repository, sha: str, path: str, *, deep: bool) -> list[Entry]:
    """List what stands at a path (empty: the root); with `deep` also everything below it."""
    options = ("-r", "-t") if deep else ()
    at = ("--", path) if path else ()
    try:
        finished = repository.git("ls-tree", "-z", "--full-tree", *options, sha, *at, max_output=_LONGEST_LISTING)
    except TooMuchOutput as error:
        raise CheckoutFailed(f"{path or 'the repository'} holds too many files: deploy a smaller folder") from error
    _demand(finished, repository, sha)
    return [_entry(line) for line in finished.stdout.split(b"\0") if line]


def named(entry: Entry) -> str:
    """Name what stands at a path: a file and a link of one content are two things."""
    return f"link {entry.oid}" if entry.is_link else entry.oid


def objects_at(repository: Repository, sha: str, paths: Iterable[str]) -> dict[str, str]:
    """Name what stands at each of these paths, "" for nothing; all of them in one look at the folders they stand in."""
    wanted = list(paths)
    folders = sorted({path.rpartition("/")[0] for path in wanted if path})
    found = {"": name_of(repository, sha)} if "" in wanted else {}
    for entry in _within(repository, sha, folders) if folders else ():
        found[entry.path] = named(entry)
    return {path: found.get(path, "") for path in wanted}


def _within(repository: Repository, sha: str, folders: list[str]) -> list[Entry]:
    top = [""] if "" in folders else []
    listed = [f"{folder}/" for folder in folders if folder]
    found = []
    for at in (top, listed):
        if at:
            names = ("--", *at) if at is listed else ()
            finished = repository.git("ls-tree", "-z", "--full-tree", sha, *names, max_output=_LONGEST_LISTING)
            _demand(finished, repository, sha)
            found += [_entry(line) for line in finished.stdout.split(b"\0") if line]
    return found


def name_of(repository: Repository, sha: str) -> str:
    """Give the name of a commit's tree, which says all that it holds."""
    found = repository.git("rev-parse", "--verify", f"{sha}^{{tree}}")
    _demand(found, repository, sha)
    return found.stdout.decode("ascii").strip()


def commit_object(repository: Repository, sha: str) -> bytes:
    """Read a commit as git stores it, byte by byte.

    Raises:
        CheckoutFailed: it is larger than 1 MiB.
    """
    try:
        found = repository.git("cat-file", "commit", sha, max_output=_MIB)
    except TooMuchOutput as error:
        raise CheckoutFailed("this commit's own text is larger than 1 MiB: write a shorter message") from error
    _demand(found, repository, sha)
    return found.stdout


def fetch_missing(repository: Repository, sha: str, folder: str, wanted: Iterable[Entry]) -> None:
    """Bring the contents that a blobless cache lacks below a folder, in one request instead of one each."""
    if repository.access.local:
        return
    listed = repository.git("rev-list", "--objects", "--missing=print", "--no-object-names", f"{sha}:{folder}")
    _demand(listed, repository, sha)
    oids = {entry.oid for entry in wanted}
    absent = {line[1:] for line in listed.stdout.decode("ascii").splitlines() if line.startswith("?")}
    missing = sorted(oids & absent)
    if not missing:
        return
    fetched = repository.git(
        "-c", "fetch.negotiationAlgorithm=noop",
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", "--stdin", "--", "origin",
        stdin="".join(f"{oid}\n" for oid in missing).encode(),
        timeout=FETCH_TIMEOUT,
    )  # fmt: skip
    _demand(fetched, repository, sha)


def contents(repository: Repository, sha: str, wanted: list[Entry], most: int) -> list[bytes]:
    """Read the contents of files, in their order, `most` bytes together.

    Raises:
        TooMuchOutput: they are larger than that.
    """
    asked = "".join(f"{entry.oid}\n" for entry in wanted).encode()
    finished = repository.git("cat-file", "--batch", stdin=asked, max_output=most + _PER_BLOB * len(wanted))
    _demand(finished, repository, sha)
    return _parse_batch(finished.stdout, wanted)


def read_blob(repository: Repository, sha: str, entry: Entry, most: int) -> bytes:
    """Read one file; a blobless cache fetches it on the way.

    Raises:
        CheckoutFailed: it is larger than `most` bytes.
    """
    try:
        finished = repository.git("cat-file", "blob", entry.oid, timeout=FETCH_TIMEOUT, max_output=most)
    except TooMuchOutput as error:
        raise CheckoutFailed(f"{entry.path} is larger than {most // 1024} KiB: make it smaller") from error
    _demand(finished, repository, sha)
    return finished.stdout


def _entry(line: bytes) -> Entry:
    described, _, name = line.partition(b"\t")
    mode, _, oid = described.decode("ascii").split(" ")
    return Entry(mode, oid, name.decode("utf-8", "surrogateescape"))


def _parse_batch(output: bytes, wanted: list[Entry]) -> list[bytes]:
    found, at = [], 0
    for entry in wanted:
        end = output.find(b"\n", at)
        words = output[at:end].split(b" ")
        if end < 0 or words[0] != entry.oid.encode() or len(words) != 3 or words[1] != b"blob":
            raise BrokenCache(f"{entry.path} is not in the cache")
        size = int(words[2])
        found.append(output[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return found


def _demand(finished: Finished, repository: Repository, sha: str) -> None:
    if finished.code != 0:
        error: PushboatError | BrokenCache = translate(finished, repository.access, sha)
        raise error
