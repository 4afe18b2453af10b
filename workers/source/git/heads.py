"""Where the branches and tags of a remote stand: one request, without a cache, whatever the forge is."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pushboat.errors import ForgeUnavailable
from pushboat.model.remote import Remote
from workers.running.spawning import Stopped, TooMuchOutput
from workers.source.git.command import Repository
from workers.source.git.remotes import access
from workers.source.git.troubles import BrokenCache, translate

TIMEOUT = 60.0
LARGEST = 16 << 20
"""Bytes of git's answer: some 200,000 refs."""

_KINDS = {"--heads": "refs/heads/", "--tags": "refs/tags/"}
_PEELED = "^{}"


class TooManyRefs(Exception):
    """More than we read; the caller asks for fewer."""


def heads_of(scratch: Path, remote: Remote, patterns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give each full ref's commit; for an annotated tag, the tag's own object comes after it.

    `patterns` say which refs: full names of branches and tags, with wildcards.

    Raises:
        TooManyRefs: even these are too many.
        ForgeUnavailable: the forge does not answer.
        ForgeRefused: the forge does not let us in.
    """
    if not patterns:
        return {}
    kinds = [flag for flag, prefix in _KINDS.items() if any(one.startswith(prefix) for one in patterns)]
    peeled = [f"{one}{_PEELED}" for one in patterns if one.startswith(_KINDS["--tags"])]
    return _read(_listed(scratch, remote, *kinds, "--", remote.url, *patterns, *peeled))


def default_head(scratch: Path, remote: Remote) -> str:
    """Give the commit of the default branch; empty where there is none.

    Raises:
        ForgeUnavailable, ForgeRefused: as above.
    """
    return _read(_listed(scratch, remote, "--", remote.url, "HEAD")).get("HEAD", ("",))[0]


def _listed(scratch: Path, remote: Remote, *words: str) -> str:
    with TemporaryDirectory(dir=scratch) as folder:
        path = Path(folder) / "none.git"
        path.mkdir()
        repository = Repository(path, access(remote))
        repository.configure()
        try:
            finished = repository.git("ls-remote", "--quiet", *words, timeout=TIMEOUT, max_output=LARGEST)
        except TooMuchOutput as error:
            raise TooManyRefs from error
        except Stopped as error:
            raise ForgeUnavailable(f"git did not finish: {error}") from error
        if finished.code != 0:
            trouble = translate(finished, repository.access, "")
            raise ForgeUnavailable(str(trouble)) if isinstance(trouble, BrokenCache) else trouble
    return finished.stdout.decode("utf-8", "replace")


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
