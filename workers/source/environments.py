"""The environments that a commit defines, inside what the operator allows, and where git fetches the commit from."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Generic, TypeVar

from pushboat.config import environment, repository
from pushboat.config.environment import Environment
from pushboat.config.patterns import Listing
from pushboat.config.project import Project
from pushboat.config.repository import FILE_NAME, RepositoryFile
from pushboat.config.ways import Way, way_of
from pushboat.errors import ForgeRefused
from pushboat.model.remote import Remote
from pushboat.recent import Recent
from workers import naming
from workers.source import checkout, folders
from workers.source.git.merging import merged
from workers.tools import Tools, split

Result = TypeVar("Result")
MOST_READ = 16
"""Files that are kept as they were read."""


def environments_at(tools: Tools, name: str, sha: str) -> tuple[dict[str, Environment], bool]:
    """Read a commit's `.pushboat.yaml` under the operator's limits; also say whether the commit has the file.

    Raises:
        InvalidRepositoryFile: with every mistake.
        CheckoutFailed, ForgeUnavailable, ForgeRefused: the commit cannot be had.
    """
    content = fetched(tools, name, lambda remote: checkout.read_file(tools.git_caches, remote, name, sha, FILE_NAME))

    def listing(way: Way) -> Sequence[str] | None:
        return fetched(tools, name, lambda remote: folders.fitting(tools.git_caches, remote, sha, way))

    return _READ.effective(tools.project(name), content, listing), content is not None


class _Read:
    """The files that were read last: most commits have that of the one before, which may name thousands.

    What a file's patterns make is kept by the folders that fit: their contents change with each push, their names
    hardly ever.
    """

    def __init__(self) -> None:
        self._files: _Last[RepositoryFile | None] = _Last()
        self._found: _Last[dict[str, Environment]] = _Last()

    def effective(self, project: Project, content: bytes | None, listing: Listing) -> dict[str, Environment]:
        """Give the environments of a file in a project; what is wrong is read, and said, each time."""
        key = b"" if content is None else sha256(content).digest()

        def read() -> RepositoryFile | None:
            return None if content is None else repository.parse(content, project=project)

        file = self._files.give(project, (key,), read)
        ways = [way_of(each.said["path"]) for each in file.patterns.values()] if file else []
        there = {way: listing(way) for way in ways}

        def make() -> dict[str, Environment]:
            return environment.effective(project, file and repository.expanded(file, there.__getitem__))

        names = repr(list(there.values())).encode("utf-8", "surrogatepass")
        return dict(self._found.give(project, (key, sha256(names).digest()), make))


class _Last(Generic[Result]):
    """What was made last of a project and the digests of what it was made of."""

    def __init__(self) -> None:
        self._kept: Recent[tuple[int, tuple[bytes, ...]], tuple[Project, Result]] = Recent(MOST_READ)

    def give(self, project: Project, digests: tuple[bytes, ...], make: Callable[[], Result]) -> Result:
        """Give what is kept, or make it."""
        key = (id(project), digests)
        known = self._kept.find([key]).get(key)
        if known is None or known[0] is not project:  # the project is kept, so that its id stays its own
            known = (project, make())
            self._kept.keep({key: known})
        return known[1]


_READ = _Read()


def fetched(tools: Tools, name: str, fetch: Callable[[Remote], Result]) -> Result:
    """Fetch from a repository; where git is refused, once more with a new token, or under its new name."""
    try:
        return fetch(remote(tools, name))
    except ForgeRefused:
        forge, path = split(name)
        renewed = tools.client(forge).renew(path)
        if not renamed_now(tools, name) and not renewed:
            raise
        return fetch(remote(tools, name))


def tree_at(tools: Tools, name: str, sha: str) -> str:
    """Name all that a commit of a repository holds: two commits of one name hold the same files.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `checkout.fetch`.
    """
    return fetched(tools, name, lambda remote: checkout.tree_of(tools.git_caches, remote, sha))


def merge_of(tools: Tools, name: str, tip: str, head: str, into: str) -> str:
    """Give the commit that merging `head` into `tip` makes, which is that of the branch `into`.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `merged`.
    """
    return merged(tools.git_caches, tools.scratch, remote(tools, name), tip, head, into)


def renamed_now(tools: Tools, name: str) -> bool:
    """Ask the forge what a repository is called now, and say whether that is news.

    Raises:
        ForgeRefused: the forge has no repository of its id any more.
        ForgeUnavailable: it does not answer.
    """
    return naming.follow(tools.operator, tools.store, tools.client(split(name)[0]), name)


def remote(tools: Tools, name: str) -> Remote:
    """Ask the forge where git fetches a repository from."""
    forge, path = split(name)
    return tools.client(forge).remote(path)
