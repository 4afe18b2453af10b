"""The commit that merging two others would make, kept in the cache as if the forge had it.

What a pull request does to an environment is what its merge does: a branch that is behind its base deletes nothing of
what came there since. The cache holds commits without their history, so both are grafted onto the one where they
parted, and git merges those. No attribute of the pushed tree runs anything: a merge driver must be configured, and here
none is.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pushboat.errors import CheckoutFailed, PushboatError
from pushboat.model.remote import Remote
from pushboat.model.wording import printable
from workers.running.spawning import Finished
from workers.source.git import cache
from workers.source.git.ancestry import parted_at
from workers.source.git.command import Repository
from workers.source.git.troubles import BrokenCache, NotOnTheForge, translate

MERGE_TIMEOUT = 120.0
MOST_NAMED = 3
_BY = "Pushboat <pushboat@localhost> 0 +0000"
"""Always the same, so that the same merge is the same commit."""
_CONFLICTS = 1
_Result = TypeVar("_Result")


def merged(cache_root: Path, scratch: Path, remote: Remote, base: str, head: str, into: str) -> str:
    """Give the commit that merging `head` into `base`, the tip of the branch `into`, makes; it can be checked out.

    Raises:
        CheckoutFailed: they conflict, or have nothing in common; otherwise as `cache.reading`.
    """
    common = parted_at(scratch, remote, base, head) if base != head else base
    if common in (base, head):
        return head if common == base else base
    name = printable(into, 80)
    if not common:
        raise CheckoutFailed(f"has no history in common with {name}: begin a new branch there")
    for sha in (common, base, head):
        cache.reading(cache_root, remote, sha, lambda _: None)

    def merge(cached: Repository) -> str:
        ours, theirs = (_grafted(cached, sha, common) for sha in (base, head))
        tree = _tree(cached, ours, theirs, head, name)
        made = _commit(cached, tree, base, head)
        _demand(cached.git("update-ref", cache.ref_name(made), made), cached, head)
        return made

    return cache.changing(cache_root, remote, head, merge)


def at_merge(make: Callable[[], str], act: Callable[[str], _Result]) -> _Result:
    """Do something with the commit that `make` merges, and where the cache has lost that one meanwhile, once more.

    Caches are thrown away when they break or nobody uses them, and no forge has a commit that only we made.
    """
    try:
        return act(make())
    except NotOnTheForge:
        return act(make())


def _grafted(cached: Repository, sha: str, onto: str) -> str:
    """Make a commit of what another one holds whose only history is where the two parted."""
    found = cached.git("rev-parse", "--verify", f"{sha}^{{tree}}")
    _demand(found, cached, sha)
    return _commit(cached, found.stdout.decode("ascii").strip(), onto)


def _commit(cached: Repository, tree: str, *parents: str) -> str:
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents), f"author {_BY}", f"committer {_BY}", "", ""]
    written = cached.git("hash-object", "-t", "commit", "-w", "--stdin", stdin="\n".join(lines).encode())
    _demand(written, cached, tree)
    return written.stdout.decode("ascii").strip()


def _tree(cached: Repository, ours: str, theirs: str, head: str, name: str) -> str:
    words = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs)
    finished = cached.git(*words, timeout=MERGE_TIMEOUT)
    tree, *files = finished.stdout.decode("utf-8", "surrogateescape").split("\0")
    if finished.code == _CONFLICTS:
        raise _conflict([file for file in files if file], name)
    _demand(finished, cached, head)
    return tree


def _conflict(files: list[str], name: str) -> CheckoutFailed:
    named = sorted(dict.fromkeys(files))
    shown = ", ".join(printable(file, 60) for file in named[:MOST_NAMED])
    more = f" (and {len(named) - MOST_NAMED} more)" if len(named) > MOST_NAMED else ""
    details = "\n".join(f"- {printable(file, 200)}" for file in named)
    return CheckoutFailed(f"conflicts with {name} in {shown}{more}: merge {name} into this branch", details)


def _demand(finished: Finished, cached: Repository, sha: str) -> None:
    if finished.code != 0:
        trouble: PushboatError | BrokenCache = translate(finished, cached.access, sha)
        raise trouble
