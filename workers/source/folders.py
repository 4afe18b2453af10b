"""Which folders of a commit a pattern fits, by git's trees alone: links and submodules are none.

A look that fails raises, so that nobody takes it for a commit whose folders are gone.
"""

from collections.abc import Sequence
from pathlib import Path

from pushboat.config.ways import Way
from pushboat.model.remote import Remote
from workers.source.git import cache, trees
from workers.source.git.command import Repository


def fitting(cache_root: Path, remote: Remote, sha: str, way: Way) -> Sequence[str] | None:
    """Name the folders of a commit that lie in a pattern's folder and hold its rest; None where that is no folder.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `checkout.fetch`.
    """
    return cache.reading(cache_root, remote, sha, lambda cached: _fitting(cached, sha, way))


def _fitting(cached: Repository, sha: str, way: Way) -> Sequence[str] | None:
    inside = trees.inside(cached, sha, way.folder)
    if inside is None:
        return None
    names = [each.path.rpartition("/")[2] for each in inside if each.is_folder]
    wanted = {way.path(name): name for name in names if way.part(name)}
    if not way.rest:
        return list(wanted.values())
    found = trees.objects_at(cached, sha, wanted)
    if wanted and not found:
        found = {path: "there" for path in wanted if trees.entries(cached, sha, path, deep=False)}
    return [name for path, name in wanted.items() if found.get(path)]
