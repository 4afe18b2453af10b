"""One git command in one bare repository: no system or user configuration, no hooks, no prompts, one protocol."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workers.running.spawning import Finished, run
from workers.source.git.remotes import Access

LOCAL_TIMEOUT = 60.0
"""Seconds; for commands that only read the cache, or fetch a few missing files for it."""
_MIB = 1 << 20
_SETTINGS = (
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.symlinks", "false"),
    ("safe.directory", "*"),  # the cache is ours, whoever owns the volume that it lies on
    ("protocol.version", "2"),  # lets us ask for a commit by its sha
    ("fetch.fsckObjects", "true"),
    ("fetch.recurseSubmodules", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("gc.packRefs", "false"),  # the cache counts and dates its refs as files
    ("http.followRedirects", "false"),  # a redirect must not carry the token to another host
    ("http.lowSpeedLimit", "1000"),
    ("http.lowSpeedTime", "30"),
    ("credential.helper", ""),
    ("remote.origin.promisor", "true"),
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A bare cache and the remote that fills it."""

    path: Path
    access: Access

    @property
    def gitconfig(self) -> Path:
        """Name the file that stands in for a user's configuration, see `configure`."""
        return self.path.with_suffix(".gitconfig")

    def git(
        self, *args: str, timeout: float = LOCAL_TIMEOUT, stdin: bytes = b"", max_output: int = 64 * _MIB
    ) -> Finished:
        """Run git in this repository; a non-zero exit is the caller's to judge."""
        return run(
            ["git", *args],
            environ=self._environ((*_SETTINGS, *self.access.settings), self.access.environ),
            cwd=self.path,
            timeout=timeout,
            stdin=stdin,
            max_output=max_output,
        )

    def configure(self) -> None:
        """Trust a local repository whoever owns it: git hands only files, not our environment, to its server side."""
        quoted = self.access.remote.url.replace("\\", r"\\").replace('"', r"\"")
        self.gitconfig.write_text(f'[safe]\n\tdirectory = "{quoted}"\n' if self.access.local else "")

    @property
    def reading(self) -> dict[str, str]:
        """Give the environment of a git that only reads what is here: it knows no remote, and nobody's token."""
        return self._environ((*_SETTINGS, ("remote.origin.promisor", "false")), {"GIT_ALLOW_PROTOCOL": "none"})

    def _environ(self, settings: Sequence[tuple[str, str]], more: Mapping[str, str]) -> dict[str, str]:
        environ = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C",
            "HOME": "/nonexistent",
            "GIT_DIR": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self.gitconfig),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": self.access.protocol,
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_DEFAULT_REF_FORMAT": "files",
            "PUSHBOAT_WAIT": "0",  # our hook in a folder that we push to would wait for what waits for us
            "GIT_CONFIG_COUNT": str(len(settings)),
            **more,
        }
        for index, (key, value) in enumerate(settings):
            environ[f"GIT_CONFIG_KEY_{index}"] = key
            environ[f"GIT_CONFIG_VALUE_{index}"] = value
        return environ
