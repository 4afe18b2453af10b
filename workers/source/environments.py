"""The environments that a commit defines, inside what the operator allows, and where git fetches the commit from."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from pushboat.config import environment, repository
from pushboat.config.environment import Environment
from pushboat.config.project import Project
from pushboat.config.repository import FILE_NAME
from pushboat.errors import ForgeRefused
from pushboat.forges.protocol import Remote
from workers import naming
from workers.source import checkout
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
    return _READ.effective(tools.project(name), content), content is not None


class _Read:
    """The files that were read last: most commits have that of the one before, which may name thousands."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[int, bytes | None], tuple[Project, dict[str, Environment]]] = OrderedDict()
        self._lock = threading.Lock()

    def effective(self, project: Project, content: bytes | None) -> dict[str, Environment]:
        """Give the environments of a file in a project; what is wrong is read, and said, each time."""
        key = (id(project), None if content is None else sha256(content).digest())
        with self._lock:
            known = self._found.get(key)
        if known is None or known[0] is not project:  # the project is kept, so that its id stays its own
            file = None if content is None else repository.parse(content, project=project)
            known = (project, environment.effective(project, file))
            with self._lock:
                self._found[key] = known
                if len(self._found) > MOST_READ:
                    self._found.popitem(last=False)
        return dict(known[1])


_READ = _Read()


def fetched(tools: Tools, name: str, fetch: Callable[[Remote], Result]) -> Result:
    """Fetch from a repository; where git is refused, once more with a new token, or under its new name."""
    try:
        return fetch(remote(tools, name))
    except ForgeRefused:
        forge, path = split(name)
        renewed = tools.clients(forge).renew(path)
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
    return naming.follow(tools.operator, tools.store, tools.clients(split(name)[0]), name)


def remote(tools: Tools, name: str) -> Remote:
    """Ask the forge where git fetches a repository from."""
    forge, path = split(name)
    return tools.clients(forge).remote(path)
