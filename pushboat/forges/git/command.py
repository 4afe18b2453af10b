"""The git command, run on bare repositories that other people push to: no shell, no configuration but ours."""

import os
import subprocess
from pathlib import Path

from pushboat.errors import ForgeUnavailable

_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "gc.auto": "0",
    "protocol.allow": "never",
    "user.name": "Pushboat",
    "user.email": "pushboat@localhost",
}
_TIMEOUT = 10.0


def run(repository: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run git in a bare repository; the caller judges the exit code."""
    # The repository may belong to the git server's account; the operator vouches for what is below `root`.
    settings = {**_SETTINGS, "safe.directory": str(repository)}
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for index, (key, value) in enumerate(settings.items()):
        environment |= {f"GIT_CONFIG_KEY_{index}": key, f"GIT_CONFIG_VALUE_{index}": value}
    try:
        return subprocess.run(
            ["git", f"--git-dir={repository}", *words],
            input=stdin,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ForgeUnavailable(f"git could not be run in {repository.name} ({type(error).__name__})") from error
