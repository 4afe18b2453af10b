"""Walks through a commit's trees by their ids, which takes no program where they were read before."""

from collections.abc import Iterable, Iterator

from workers.running.spawning import TooMuchOutput
from workers.source.git.command import Repository
from workers.source.git.entry import Entry
from workers.source.git.objects import Missing, Node, Tree, tree, tree_of

_BESIDE_A_NAME = 53
"""Bytes that git lists beside each name: mode, kind and id."""

MOST_CHANGED = 20_000
"""Paths at which two commits may differ; beyond that each path is looked at for itself."""


def entries(repository: Repository, sha: str, path: str, *, deep: bool, most: int) -> list[Entry]:
    """List what stands at a path (empty: what the root holds); with `deep` also everything below it.

    Raises:
        Missing: something of it is not in the cache.
        TooMuchOutput: git's own listing of it would be longer than `most` bytes.
    """
    at = Entry("040000", tree_of(repository, sha), "") if not path else _at(repository, tree_of(repository, sha), path)
    if at is None:
        return []
    if not deep:
        return [at] if path else [_entry("", node) for node in tree(repository, at.oid)]
    found, left = ([at] if path else []), most
    for entry in _below(repository, at):
        left -= len(entry.path) + _BESIDE_A_NAME
        if left < 0:
            raise TooMuchOutput(f"{path} holds more than {most} bytes of names")
        found.append(entry)
    return found


def inside(repository: Repository, folder: Entry) -> list[Entry]:
    """List what a folder holds.

    Raises:
        Missing: it is not in the cache.
    """
    return [_entry(folder.path, node) for node in tree(repository, folder.oid)]


def objects_at(repository: Repository, sha: str, paths: Iterable[str]) -> dict[str, str]:
    """Name what stands at each of these paths, as `Entry.named`; "" for nothing.

    Raises:
        Missing: something of it is not in the cache.
    """
    root = tree_of(repository, sha)
    folders: dict[str, dict[str, Node]] = {}
    found = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder not in folders:
            at = _at(repository, root, folder) if folder else Entry("040000", root, "")
            inside = tree(repository, at.oid) if at and at.is_folder else ()
            folders[folder] = {node.name: node for node in inside}
        node = folders[folder].get(name)
        found[path] = root if not path else _entry(folder, node).named if node else ""
    return found


def changed(repository: Repository, before: str, after: str) -> frozenset[str]:
    """Name every path at which two trees have something else, folders on the way and "" for the root included.

    Raises:
        Missing: something of it is not in the cache, or it is more than we look at.
    """
    found = {""} if before != after else set[str]()
    found.update(place for place, _ in _differences(repository, before, after))
    return frozenset(found)


def changed_files(repository: Repository, before: str, after: str) -> list[Entry]:
    """List the plain files that the second of two trees has and the first has not, or not as they are.

    Raises:
        Missing: something of it is not in the cache, or it is more than we look at.
    """
    there = (Entry(node.mode, node.oid, place) for place, node in _differences(repository, before, after) if node)
    return [each for each in there if each.is_file]


def _differences(repository: Repository, before: str, after: str) -> Iterator[tuple[str, Node | None]]:
    """Give each path at which two trees differ, with what the second of them has there."""
    left = MOST_CHANGED
    todo = [("", before, after)]
    while todo:
        path, one, other = todo.pop()
        if one == other:
            continue
        for name, mine, theirs in _differing(*(tree(repository, oid) if oid else () for oid in (one, other))):
            place = f"{path}/{name}" if path else name
            yield place, theirs
            left -= 1
            below = [node.oid if node and node.mode == "040000" else "" for node in (mine, theirs)]
            todo += [(place, below[0], below[1])] if any(below) else []
        if left < 0:
            raise Missing(after)


def _differing(one: Tree, other: Tree) -> Iterator[tuple[str, Node | None, Node | None]]:
    """Give what two trees have under a name, where that is not the same."""
    names = [each.name for each in one]
    if names == [each.name for each in other]:
        yield from ((a.name, a, b) for a, b in zip(one, other, strict=True) if a.oid != b.oid or a.mode != b.mode)
        return
    mine, theirs = ({each.name: each for each in side} for side in (one, other))
    for name in mine.keys() | theirs.keys():
        a, b = mine.get(name), theirs.get(name)
        if a is None or b is None or a.oid != b.oid or a.mode != b.mode:
            yield name, a, b


def _at(repository: Repository, root: str, path: str) -> Entry | None:
    *folders, name = path.split("/")
    here = root
    for folder in folders:
        node = next((each for each in tree(repository, here) if each.name == folder), None)
        if node is None or node.mode != "040000":
            return None
        here = node.oid
    node = next((each for each in tree(repository, here) if each.name == name), None)
    return Entry(node.mode, node.oid, path) if node else None


def _below(repository: Repository, top: Entry) -> Iterator[Entry]:
    """Go through all that a folder holds, in git's order."""
    waiting = [top] if top.is_folder else []
    while waiting:
        entry = waiting.pop()
        if entry is not top:
            yield entry
        if entry.is_folder:
            waiting.extend(_entry(entry.path, node) for node in reversed(tree(repository, entry.oid)))


def _entry(folder: str, node: Node) -> Entry:
    return Entry(node.mode, node.oid, f"{folder}/{node.name}" if folder else node.name)
