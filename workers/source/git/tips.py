"""What a repository's branches and tags point to now, and which branch is its own first: one `git ls-remote`."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pushboat.errors import ForgeUnavailable
from pushboat.model.remote import Remote
from workers.running.spawning import Stopped
from workers.source.git.command import Repository
from workers.source.git.remotes import access
from workers.source.git.troubles import BrokenCache, translate

LISTING_TIMEOUT = 60.0
_PEELED = "^{}"
"""Ends the line that names the commit of an annotated tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tips:
    """The commits of all refs by the refs' full names; `default` is the first branch, empty where there is none."""

    commits: Mapping[str, str]
    default: str


def tips(remote: Remote, scratch: Path) -> Tips:
    """Ask the remote for its refs; needs no cache.

    Raises:
        ForgeUnavailable, ForgeRefused: it did not say.
    """
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        repository = Repository(Path(folder), access(remote))
        repository.configure()
        try:
            finished = repository.git("ls-remote", "--quiet", "--symref", "origin", timeout=LISTING_TIMEOUT)
        except Stopped as error:
            raise ForgeUnavailable(f"git did not finish listing the refs: {error}") from error
        finally:
            repository.gitconfig.unlink(missing_ok=True)
    if finished.code != 0:
        trouble = translate(finished, repository.access, "")
        if isinstance(trouble, BrokenCache):
            raise ForgeUnavailable(f"git cannot list the refs of the repository: {trouble}") from trouble
        raise trouble
    return _read(finished.stdout.decode("utf-8", "replace"))


def _read(listing: str) -> Tips:
    commits, default = {}, ""
    for line in listing.splitlines():
        what, _, ref = line.partition("\t")
        if what.startswith("ref: ") and ref == "HEAD":
            default = what.removeprefix("ref: ")
        elif ref.startswith("refs/"):
            commits[ref.removesuffix(_PEELED)] = what  # the peeled line comes after the tag's own
    return Tips(commits=commits, default=default if default in commits else "")
