"""Pin bases and files: the git and the login of whoever runs this ask where a ref stands now."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from cli.git import git
from pushboat.errors import Unavailable
from pushboat.model.outside import Locked, Outside
from pushboat.model.wording import printable
from workers.source.outside.downloading import LARGEST
from workers.source.outside.keeping import digest_of

SECONDS = 120
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_STRICT = ("-c", "http.followRedirects=false")
"""As Pushboat fetches: a redirect might carry a login to another host."""


def resolve_base(outside: Outside, url: str) -> Locked:
    """Pin a base: the commit that its ref stands for now, at the address where a clone is had without a redirect.

    Raises:
        Unavailable: it cannot be had, in git's own words; or there is no such ref.
    """
    web = url if url.startswith("http") else ""
    last = ""
    for at in dict.fromkeys((web, f"{outside.address}.git", outside.address) if web else (url,)):
        done = _git(None, *_STRICT, "ls-remote", "--", at, *_patterns(outside.asked))
        if done.returncode == 0:
            sha = _chosen(outside, done.stdout)
            return Locked(outside=outside, digest=sha, at=at if web else f"{outside.address}.git")
        last = last or (done.stderr.strip().splitlines() or ["git said nothing"])[-1]
    raise Unavailable(f"{outside}: {printable(last.removeprefix('fatal: '), 300)}")


def resolve_file(outside: Outside) -> Locked:
    """Pin a file by what stands at its address now.

    Raises:
        Unavailable: it cannot be had, or is too large.
    """
    try:
        answer = requests.get(outside.address, timeout=SECONDS)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise Unavailable(f"{outside}: {printable(str(error), 300)}") from error
    if len(answer.content) > LARGEST:
        raise Unavailable(f"{outside} is larger than {LARGEST >> 20} MiB")
    return Locked(outside=outside, digest=digest_of(answer.content))


@contextmanager
def cloned(locked: Locked, url: str) -> Iterator[Path]:
    """Lay out a base's commit for a look at what it asks for itself.

    Raises:
        Unavailable: it cannot be had.
    """
    with tempfile.TemporaryDirectory(prefix="pushboat-sources-") as folder:
        place = Path(folder)
        algorithm = "sha256" if len(locked.digest) == 64 else "sha1"
        for words in (
            ("init", "--quiet", f"--object-format={algorithm}", "."),
            (*_STRICT, "fetch", "--quiet", "--depth=1", "--", url or locked.at, locked.digest),
            ("-c", "core.hooksPath=/dev/null", "checkout", "--quiet", "FETCH_HEAD"),
        ):
            done = _git(place, *words)
            if done.returncode != 0:
                last = (done.stderr.strip().splitlines() or ["git said nothing"])[-1]
                raise Unavailable(f"{locked.outside}: {printable(last.removeprefix('fatal: '), 300)}")
        yield place


def _patterns(asked: str) -> tuple[str, ...]:
    if not asked or _SHA.fullmatch(asked):
        return ("HEAD",)
    return (f"refs/tags/{asked}", f"refs/tags/{asked}^{{}}", f"refs/heads/{asked}", asked)


def _chosen(outside: Outside, listed: str) -> str:
    """Choose as git does: a tag's commit, else the tag, else the branch."""
    asked = outside.asked
    if _SHA.fullmatch(asked):
        return asked
    found = {name: sha for sha, _, name in (line.partition("\t") for line in listed.splitlines())}
    names = ("HEAD",) if not asked else (f"refs/tags/{asked}^{{}}", f"refs/tags/{asked}", f"refs/heads/{asked}", asked)
    sha = next((found[name] for name in names if name in found), "")
    if not _SHA.fullmatch(sha):
        raise Unavailable(f"{outside}: there is no such branch or tag; a commit is named by its whole sha")
    return sha


def _git(folder: Path | None, *words: str) -> subprocess.CompletedProcess[str]:
    try:
        return git(folder, *words, environ={**os.environ, "GIT_TERMINAL_PROMPT": "0"}, seconds=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"no answer in {SECONDS} s") from error
