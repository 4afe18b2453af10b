"""What a commit holds: names and modes first, contents after they were judged."""

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType

from pushboat.errors import CheckoutFailed, PushboatError
from workers.running.spawning import Finished, TooMuchOutput
from workers.source.git import objects, walking
from workers.source.git.command import Repository
from workers.source.git.entry import Entry
from workers.source.git.objects import Missing
from workers.source.git.troubles import BrokenCache, translate

FETCH_TIMEOUT = 120.0
_MIB = 1 << 20
_LONGEST_LISTING = 8 * _MIB
"""More than 100,000 names; a folder's tree may also repeat itself without end."""
_PER_BLOB = 128
"""Bytes that `cat-file --batch` prints around each content, rounded up."""
_AS_NAMED: Mapping[str, str] = MappingProxyType({})


def entries(repository: Repository, sha: str, path: str, *, deep: bool) -> list[Entry]:
    """List what stands at a path (empty: the root); with `deep` also everything below it."""
    try:
        return walking.entries(repository, sha, path, deep=deep, most=_LONGEST_LISTING)
    except TooMuchOutput as error:
        raise _too_many(path) from error
    except Missing:  # the slow way fetches it, or says why it is not there
        pass
    options = ("-r", "-t") if deep else ()
    at = ("--", path) if path else ()
    try:
        finished = repository.git("ls-tree", "-z", "--full-tree", *options, sha, *at, max_output=_LONGEST_LISTING)
    except TooMuchOutput as error:
        raise _too_many(path) from error
    _demand(finished, repository, sha)
    return [_entry(line) for line in finished.stdout.split(b"\0") if line]


def _too_many(path: str) -> CheckoutFailed:
    return CheckoutFailed(f"{path or 'the repository'} holds too many files: deploy a smaller folder")


def inside(repository: Repository, sha: str, folder: str) -> list[Entry] | None:
    """List what a folder holds (empty: the root): nothing where there is none, None where it is or goes over a link.

    A file and a submodule are no folders either.
    """
    if not folder:
        return entries(repository, sha, "", deep=False)
    parts = folder.split("/")
    for depth in range(1, len(parts) + 1):
        at = entries(repository, sha, "/".join(parts[:depth]), deep=False)
        if not at:
            return []
        if not at[0].is_folder:
            return None
    try:
        with suppress(Missing):
            return walking.inside(repository, at[0])
        listed = repository.git("ls-tree", "-z", "--full-tree", f"{at[0].oid}", max_output=_LONGEST_LISTING)
    except TooMuchOutput as error:
        raise _too_many(folder) from error
    _demand(listed, repository, sha)
    return [_entry(line) for line in listed.stdout.split(b"\0") if line]


def objects_at(repository: Repository, sha: str, paths: Iterable[str]) -> dict[str, str]:
    """Name what stands at each of these paths, as `Entry.named`, "" for nothing; {} where that is not known at once."""
    with suppress(Missing):
        return walking.objects_at(repository, sha, paths)
    return {}


def changed_since(repository: Repository, sha: str, before: str) -> tuple[str, frozenset[str] | None]:
    """Name a commit's tree, and every path at which it differs from the tree `before`; None where that is not known."""
    now = name_of(repository, sha)
    with suppress(Missing):
        return now, walking.changed(repository, before, now) if before else None
    return now, None


def files_changed_since(repository: Repository, sha: str, before: str) -> list[Entry] | None:
    """List a commit's plain files that its tree `before` had not, or not as they are; None where that is not known."""
    with suppress(Missing):
        return walking.changed_files(repository, before, name_of(repository, sha))
    return None


def name_of(repository: Repository, sha: str) -> str:
    """Give the name of a commit's tree, which says all that it holds."""
    with suppress(Missing):
        return objects.tree_of(repository, sha)
    found = repository.git("rev-parse", "--verify", f"{sha}^{{tree}}")
    _demand(found, repository, sha)
    return found.stdout.decode("ascii").strip()


def commit_object(repository: Repository, sha: str) -> bytes:
    """Read a commit as git stores it, byte by byte.

    Raises:
        CheckoutFailed: it is larger than 1 MiB.
    """
    try:
        with suppress(Missing):
            return objects.read(repository, [sha], b"commit", _MIB)[0]
        found = repository.git("cat-file", "commit", sha, max_output=_MIB)
    except TooMuchOutput as error:
        raise CheckoutFailed("this commit's own text is larger than 1 MiB: write a shorter message") from error
    _demand(found, repository, sha)
    return found.stdout


def _fetch_missing(repository: Repository, sha: str, folders: Iterable[str], wanted: Iterable[Entry]) -> None:
    """Bring the contents that a blobless cache lacks below folders, in one request instead of one each."""
    oids = {entry.oid for entry in wanted}
    if repository.access.local:
        return
    listed = repository.git(
        "rev-list", "--objects", "--missing=print", "--no-object-names", "--stdin",
        stdin="".join(f"{sha}:{folder}\n" for folder in _topmost(folders)).encode("utf-8", "surrogateescape"),
    )  # fmt: skip
    _demand(listed, repository, sha)
    absent = {line[1:] for line in listed.stdout.decode("ascii").splitlines() if line.startswith("?")}
    if missing := sorted(oids & absent):
        fetch_blobs(repository, sha, missing)


def fetch_blobs(repository: Repository, sha: str, missing: Iterable[str]) -> None:
    """Bring contents into a blobless cache by their names, in one request."""
    fetched = repository.git(
        "-c", "fetch.negotiationAlgorithm=noop",
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", "--stdin", "--", "origin",
        stdin="".join(f"{oid}\n" for oid in missing).encode(),
        timeout=FETCH_TIMEOUT,
    )  # fmt: skip
    _demand(fetched, repository, sha)


def _topmost(folders: Iterable[str]) -> list[str]:
    """Leave out the folders that lie in others of them."""
    found: list[str] = []
    for folder in sorted(set(folders), key=lambda folder: folder.split("/")):
        if not found or (found[-1] and not folder.startswith(f"{found[-1]}/")):
            found.append(folder)
    return found


def contents(
    repository: Repository, sha: str, wanted: Sequence[Entry], most: int, places: Mapping[str, str] = _AS_NAMED
) -> list[bytes]:
    """Read the contents of files, in their order, `most` bytes together; what the cache lacks is fetched at once.

    `places` has where those stand in the commit that are named otherwise.

    Raises:
        TooMuchOutput: they are larger than that.
    """
    if not wanted:
        return []
    with suppress(Missing):
        return objects.read(repository, [entry.oid for entry in wanted], b"blob", most)
    folders = {posixpath.dirname(places.get(entry.path, entry.path)) for entry in wanted}
    _fetch_missing(repository, sha, folders, wanted)
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
        with suppress(Missing):
            return objects.read(repository, [entry.oid], b"blob", most)[0]
        finished = repository.git("cat-file", "blob", entry.oid, timeout=FETCH_TIMEOUT, max_output=most)
    except TooMuchOutput as error:
        raise CheckoutFailed(f"{entry.path} is larger than {most // 1024} KiB: make it smaller") from error
    _demand(finished, repository, sha)
    return finished.stdout


def _entry(line: bytes) -> Entry:
    described, _, name = line.partition(b"\t")
    mode, _, oid = described.decode("ascii").split(" ")
    return Entry(mode, oid, name.decode("utf-8", "surrogateescape"))


def _parse_batch(output: bytes, wanted: Sequence[Entry]) -> list[bytes]:
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
