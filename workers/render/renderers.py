"""The programs that render, each pinned to one version, so that a folder becomes the same objects everywhere.

Here they are found: the one that the operator names, the pinned one in its known folder, or what the machine has. None
is built here: that takes minutes and is the back door's matter (`pushboat renderers install`).
"""

import functools
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workers.running.spawning import Stopped, run

FOLDER = "PUSHBOAT_RENDERERS"
"""The environment's variable for the folder of pinned renderers; one in the user's cache without it."""
INSTALL = "pushboat renderers install"
_TIMEOUT = 10.0
"""Seconds for a program to say its version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to a renderer: a program, the words that make it render, and how it tells its version."""

    program: str
    words: tuple[str, ...]
    asked: tuple[str, ...]
    tells: str

    @property
    def name(self) -> str:
        """Say it as people do: `kustomize`, but `kubectl kustomize`."""
        return " ".join((self.program, *self.words)) if self.program == "kubectl" else self.program


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """A renderer that Pushboat is tried with: its Go package, and the one version that everybody is to use."""

    name: str
    package: str
    version: str
    ways: tuple[Way, ...]

    @property
    def variable(self) -> str:
        """Name the environment's variable with which an operator chooses another program."""
        return f"PUSHBOAT_{self.name.upper()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A renderer as it is on this machine; `version` is empty where the program does not tell it."""

    name: str
    argv: tuple[str, ...]
    version: str

    def __str__(self) -> str:
        """Print as `kustomize v5.8.1`."""
        return f"{self.name} {self.version or 'of an unknown version'}"


KUSTOMIZE = Renderer(
    name="kustomize",
    package="sigs.k8s.io/kustomize/kustomize/v5",
    version="v5.8.1",
    ways=(
        Way(program="kustomize", words=("build",), asked=("version",), tells=r"\bv\d\S*"),
        Way(
            program="kubectl",
            words=("kustomize",),
            asked=("version", "--client"),
            tells=r"(?<=Kustomize Version: )\S+",
        ),
    ),
)
HELM = Renderer(
    name="helm",
    package="helm.sh/helm/v4/cmd/helm",
    version="v4.0.0",
    ways=(Way(program="helm", words=("template",), asked=("version", "--template", "{{.Version}}"), tells=r"v\d\S*"),),
)
RENDERERS = (KUSTOMIZE, HELM)


def cache(environ: Mapping[str, str]) -> Path:
    """Return the folder of what Pushboat can make again: below $XDG_CACHE_HOME, else below ~/.cache."""
    home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 (Path.home raises for a user without a name)
    return Path(environ.get("XDG_CACHE_HOME") or Path(home, ".cache"), "pushboat")


def place(renderer: Renderer, environ: Mapping[str, str]) -> Path:
    """Return where the pinned renderer stands, or will stand once it is installed."""
    folder = Path(environ.get(FOLDER) or cache(environ) / "renderers")
    return folder / f"{renderer.name}-{renderer.version}" / renderer.name


def find(renderer: Renderer, environ: Mapping[str, str]) -> Found | None:
    """Find a renderer: the program that the operator names, else the pinned one, else one on PATH; None without any."""
    if chosen := environ.get(renderer.variable, ""):
        return _chosen(renderer, chosen, environ)
    pinned = place(renderer, environ)
    if os.access(pinned, os.X_OK):
        return Found(name=renderer.name, argv=(str(pinned), *renderer.ways[0].words), version=renderer.version)
    return next((found for way in renderer.ways if (found := _on_path(way, way.program, environ))), None)


def missing(renderer: Renderer, environ: Mapping[str, str]) -> str:
    """Say that a renderer is not here, and by which line it comes."""
    if chosen := environ.get(renderer.variable, ""):
        return f"{renderer.variable} names {chosen}, which is no program of this machine"
    return f"{renderer.name} is not installed: `{INSTALL}` brings {renderer.version}"


def _chosen(renderer: Renderer, chosen: str, environ: Mapping[str, str]) -> Found | None:
    """Find what a variable names: a program, or a program with the word that makes it ours (`kubectl kustomize`)."""
    for way in renderer.ways:
        program = chosen.removesuffix(f" {' '.join(way.words)}")
        if Path(program).name.startswith(way.program):
            return _on_path(way, program, environ)
    return _on_path(renderer.ways[0], chosen, environ)


def _on_path(way: Way, program: str, environ: Mapping[str, str]) -> Found | None:
    at = shutil.which(program, path=environ.get("PATH", os.defpath))
    if at is None:
        return None
    at = os.path.abspath(at)  # noqa: PTH100 (links stay)  # a relative one would be looked for in the pushed repository
    status = os.stat(at)  # noqa: PTH116 (one look)
    version = _told((at, *way.asked), way.tells, (status.st_mtime_ns, status.st_size, status.st_ino))
    return Found(name=way.name, argv=(at, *way.words), version=version)


@functools.lru_cache(maxsize=64)
def _told(argv: tuple[str, ...], tells: str, _as_it_is: tuple[int, int, int]) -> str:
    """Ask a program for its version, once for as long as its file stays the same."""
    try:
        finished = run(argv, environ={"PATH": os.defpath, "HOME": "/nonexistent"}, timeout=_TIMEOUT, network=False)
    except Stopped:
        return ""
    found = re.search(tells, finished.stdout.decode("utf-8", "replace"))
    return found[0] if found and finished.code == 0 else ""
