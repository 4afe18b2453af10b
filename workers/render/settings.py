"""What decides a deployment's outcome besides the files of its commit, as one digest: equal ones, equal outcome.

The environment as both files have it, how its cluster is reached, how health is judged there, from where renders may
fetch, the renderer, and this version of Pushboat. What a cluster serves is no setting: it changes by itself. Tokens
are left out: they show in no representation, and a new one brings nothing else.
"""

import hashlib
import os
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.config.operator import Operator
from pushboat.config.project import Limits
from workers.render.renderers import RENDERERS, find

FORMAT = 1
"""Raised by whoever lets equal files come out differently."""
MOST_KEPT = 10_000
"""Digests that are kept: a monorepo's environments are the same objects from push to push, and few of them change."""

_KEPT: dict[int, tuple[Environment, Limits | None, str, str]] = {}
"""An environment, kept so that its id stays its own; what it was digested with; the digest."""


def settings_of(operator: Operator, repository: str, environment: Environment, around: str = "") -> str:
    """Digest all that decides besides files; `around` is known where whoever asks for many has asked for it once."""
    known = around or around_of(operator, environment.cluster)
    limits = operator.limits(repository, environment.name)
    kept = _KEPT.get(id(environment))
    if kept and kept[0] is environment and kept[1] is limits and kept[2] == known:
        return kept[3]
    said = "\n".join((known, repr(limits), repr(environment)))
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    if len(_KEPT) >= MOST_KEPT:
        _KEPT.clear()
    _KEPT[id(environment)] = (environment, limits, known, digest)
    return digest


def around_of(operator: Operator, cluster: str) -> str:
    """Say what decides for every environment of a cluster."""
    access = operator.clusters.get(cluster)
    kubeconfig = _stamp(access.kubeconfig) if access and access.kubeconfig else ""
    return "\n".join((renderers(), repr(operator.health), repr(operator.sources), repr(access), kubeconfig))


def renderers() -> str:
    """Name what renders here: this version of Pushboat, and the programs that it would run."""
    argvs = [found.argv for each in RENDERERS if (found := find(each, os.environ))]
    return " ".join([_version(), str(FORMAT), *(f"{' '.join(argv)} {_stamp(Path(argv[0]))}" for argv in argvs)])


@lru_cache(maxsize=1)
def _version() -> str:
    return version("pushboat")


def _stamp(file: Path) -> str:
    """Tell a file from the one that may take its place."""
    try:
        found = file.stat()
    except OSError:
        return "missing"
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"
