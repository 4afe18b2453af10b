"""What the operator's file calls a repository and a cluster, or would."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pushboat.config.operator import Forge, Operator

SOME_FORGE, SOME_CLUSTER = "FORGE", "CLUSTER"
"""To be replaced by whoever knows."""
_KINDS = ("github", "gitlab", "gitea", "forgejo")
_ORIGIN = re.compile(
    r"^(?:[a-z+]+://(?:[^/@]*@)?|(?:[^/@:]+@)?)(?P<host>[^/:]+)(?::\d+)?[/:](?P<path>.+?)(?:\.git)?/*$"
)


def repository_of(operator: Operator | None, origin: str, root: Path) -> str:
    """Name the repository that a remote's address means."""
    forges = operator.forges.values() if operator else ()
    for forge in forges:
        if inside := _below(forge, origin, root):
            return f"{forge.name}/{inside}"
    found = None if origin.startswith(("/", ".", "file:")) else _ORIGIN.match(origin)
    if found is None:
        return f"{SOME_FORGE}/{Path(origin).name.removesuffix('.git') if origin else root.name}"
    host, path = found["host"].lower(), found["path"].strip("/")
    known = next((forge.name for forge in forges if forge.url and urlsplit(forge.url).hostname == host), "")
    usual = next((kind for kind in _KINDS if kind in host), SOME_FORGE)
    return f"{known or usual}/{path}"


def cluster_of(operator: Operator | None) -> str:
    """Name a cluster that the operator has."""
    return next(iter(operator.clusters), SOME_CLUSTER) if operator else SOME_CLUSTER


def _below(forge: Forge, origin: str, root: Path) -> str:
    """Give the name of a repository on a plain git server of this machine; empty where it is none of its."""
    if forge.root is None or not origin or "://" in origin.removeprefix("file://"):
        return ""
    place = (root / origin.removeprefix("file://")).resolve()
    top = forge.root.resolve()
    return place.relative_to(top).as_posix().removesuffix(".git") if place.is_relative_to(top) and place != top else ""
