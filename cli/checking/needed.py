"""Which files of a work tree a plan of one environment needs: those that are rendered, what they refer to, and what the
other environments have, so that an object that moves between them is missed in neither.

Source code stays where it is. Only where nothing here tells what is rendered, all files are needed.
"""

from collections.abc import Iterator

from cli.checking.looking import allowing_all, file_of
from cli.checking.snapshot import Snapshot
from pushboat.config import environment as environments
from pushboat.config.environment import Environment
from pushboat.config.locked import LOCK_NAME
from pushboat.config.repository import FILE_NAME
from pushboat.errors import DeploymentFailed
from pushboat.model.sent_files import MOST_BYTES, MOST_FILES, SUBMODULE, SentFile, Unsendable
from workers.render.referring import referring
from workers.running.spawning import TooMuchOutput
from workers.source import checkout
from workers.source.git import cache, trees
from workers.source.git.command import Repository
from workers.source.git.entry import Entry

EVERYTHING = ""


def needed(made: Snapshot, environment: str) -> tuple[SentFile, ...]:
    """Read those that a plan of this environment needs.

    Raises:
        Unsendable: they are more than is sent.
    """
    wanted = list(dict.fromkeys((FILE_NAME, LOCK_NAME, *_places(made, environment))))
    return cache.reading(made.caches, made.remote, made.sha, lambda cached: _read(cached, made.sha, wanted))


def _places(made: Snapshot, environment: str) -> Iterator[str]:
    """Name files and folders; where the tree's own file has mistakes, the server tells them, and needs nothing else."""
    try:
        file = file_of(made)
    except DeploymentFailed:
        return
    try:
        found = environments.effective(allowing_all(file), file)
    except DeploymentFailed:
        yield EVERYTHING
        return
    for each in found.values():
        try:
            yield from _of_environment(made, each)
        except DeploymentFailed:  # what is wrong with it is told by who renders it, and lies anywhere
            if each.name == environment:
                yield EVERYTHING


def _of_environment(made: Snapshot, environment: Environment) -> Iterator[str]:
    yield environment.path.strip("/").removeprefix("./").removeprefix(".")
    closure = checkout.gathered(
        made.caches,
        made.remote,
        str(made.top),
        made.sha,
        environment.path,
        referring(environment),
        environment.helm.files_beside(environment.path),
    )
    yield from (*closure.asked, *closure.roots, *closure.linked.values())


def _read(cached: Repository, sha: str, places: list[str]) -> tuple[SentFile, ...]:
    found: dict[str, Entry] = {}
    for place in places:
        found |= {each.path: each for each in trees.entries(cached, sha, place, deep=True) if not each.is_folder}
        if len(found) > MOST_FILES:
            raise Unsendable(f"a plan needs more than {MOST_FILES} files of this work tree: commit them, and plan that")
    entries = [found[path] for path in sorted(found)]
    stored = [each for each in entries if not each.is_submodule]
    try:
        contents = dict(zip(stored, trees.contents(cached, sha, stored, MOST_BYTES), strict=True))
    except TooMuchOutput as error:
        raise Unsendable(
            f"a plan needs more than {MOST_BYTES >> 20} MiB of this work tree: commit it, and plan that"
        ) from error
    return tuple(
        SentFile(
            path=each.path,
            mode=each.mode,
            content=each.oid.encode() if each.mode == SUBMODULE else contents[each],
        )
        for each in entries
    )
