"""What a chart reads outside of its own folder: charts beside it that it depends on by `file://`."""

import posixpath

from pushboat.errors import InvalidManifest
from workers.render.helm.charts import Dependency, dependencies
from workers.source.paths import fits


def beside(path: str, content: bytes) -> list[str]:
    """List the places that a chart depends on, relative to the repository.

    Unreadable files depend on nothing here: their error is told when they are rendered.
    """
    try:
        found = dependencies(content, path)
    except InvalidManifest:
        return []
    return [place for each in found if (place := inside(path, each)) is not None]


def inside(file: str, dependency: Dependency) -> str | None:
    """Give the folder that a dependency names, relative to the repository, or None where that is none inside of it."""
    local = dependency.local
    if not local or local.startswith("/") or not local.isprintable() or "\\" in local:
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), local))
    if path == ".." or path.startswith("../") or not fits(path):
        return None
    return "" if path == "." else path
