"""The git of whoever runs a command, in a work tree of theirs or a folder of ours: it never waits for an answer."""

import subprocess
from collections.abc import Mapping
from pathlib import Path


def git(
    folder: Path | None, *words: str, environ: Mapping[str, str], seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run git; a non-zero exit is the caller's to judge.

    Raises:
        FileNotFoundError: there is no git.
        TimeoutExpired: it took longer than so many seconds.
    """
    return subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**environ, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
    )
