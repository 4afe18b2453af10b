"""Where the branches and tags of a remote stand: one request, without a cache, whatever the forge is."""

from pathlib import Path
from tempfile import TemporaryDirectory

from pushboat.errors import ForgeUnavailable
from pushboat.forges.protocol import Remote
from workers.running.spawning import Stopped
from workers.source.git.command import Repository
from workers.source.git.remotes import access
from workers.source.git.troubles import BrokenCache, translate

TIMEOUT = 60.0
LARGEST = 16 << 20
"""Bytes of git's answer: some 200,000 refs."""

_PEELED = "^{}"


def heads_of(scratch: Path, remote: Remote) -> dict[str, tuple[str, ...]]:
    """Give each full ref's commit; for an annotated tag, the tag's own object comes after it.

    Raises:
        ForgeUnavailable: the forge does not answer.
        ForgeRefused: the forge does not let us in.
    """
    with TemporaryDirectory(dir=scratch) as folder:
        path = Path(folder) / "none.git"
        path.mkdir()
        repository = Repository(path, access(remote))
        repository.configure()
        try:
            finished = repository.git(
                "ls-remote", "--quiet", "--heads", "--tags", "--", remote.url, timeout=TIMEOUT, max_output=LARGEST
            )
        except Stopped as error:
            raise ForgeUnavailable(f"git did not finish: {error}") from error
        if finished.code != 0:
            trouble = translate(finished, repository.access, "")
            raise ForgeUnavailable(str(trouble)) if isinstance(trouble, BrokenCache) else trouble
    return _read(finished.stdout.decode("utf-8", "replace"))


def _read(lines: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines.splitlines():
        sha, _, ref = line.partition("\t")
        if "\N{REPLACEMENT CHARACTER}" in ref:
            continue  # no text, so no environment can follow it
        if ref.endswith(_PEELED):
            ref = ref.removesuffix(_PEELED)
            found[ref] = (sha, *found.get(ref, ()))
        else:
            found[ref] = (sha,)
    return found
