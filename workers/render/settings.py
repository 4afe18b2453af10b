"""What decides a deployment's outcome besides the files of its commit, as one digest: equal ones, equal outcome.

The environment as both files have it, how its cluster is reached, how health is judged there, the renderer, and this
version of Pushboat. Tokens are left out: they show in no representation, and a new one brings nothing else.
"""

import hashlib
import os
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.config.operator import Operator
from workers.render.renderers import HELM, RENDERERS, find

SETTLED = ("plain", "kustomize")
"""Engines whose outcome nothing else decides; what another one asks of a cluster, say, is not in here."""
FORMAT = 1
"""Raised by whoever lets equal files come out differently."""


def is_settled(engine: str) -> bool:
    """Say whether nothing else decides what came of a render; `engine` may have a version behind its name.

    A kustomization that inflates charts had Helm beside it, which knows chance and the clock.
    """
    return engine.partition(" ")[0] in SETTLED and HELM.name not in engine.split(" ")


def settings_of(operator: Operator, repository: str, environment: Environment, by: str = "") -> str:
    """Digest all that decides besides files; `by` are the renderers, where whoever asks for many has named them."""
    limits = operator.limits(repository, environment.name)
    access = operator.clusters.get(environment.cluster)
    kubeconfig = _stamp(access.kubeconfig) if access and access.kubeconfig else ""
    parts = (by or renderers(), repr(operator.health), repr(access), kubeconfig, repr(limits), repr(environment))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


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
