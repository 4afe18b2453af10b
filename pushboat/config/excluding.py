"""Which globs leave out the files of a folder that are no manifests, and nothing else: the line that people add."""

import json
import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from pushboat.config.globs import Globs

MOST_PROPOSED = 20
"""Globs in a line that is proposed; whoever needs more is better off with `include`."""
_SIGNS = re.compile(r"^[!#]|[\\*?\[{}]|^ | $")


class Excluding:
    """Proposes for file after file of one folder; all paths are relative to it."""

    def __init__(self, manifests: Collection[str]) -> None:
        self._manifests = manifests
        self._folders = {str(parent) for path in manifests for parent in PurePosixPath(path).parents}
        self._names = {name for path in manifests for name in PurePosixPath(path).parts}

    def proposed(self, others: Collection[str]) -> tuple[str, ...]:
        """Give globs that take all of these files and no manifest: as few and as short ones as there are."""
        found = (next(filter(self._spares, _candidates(path)), "") for path in sorted(others))
        return tuple(dict.fromkeys(filter(None, found)))

    def _spares(self, glob: str) -> bool:
        """Say whether a glob takes no manifest; only where it is more than a name do all have to be looked at."""
        if set("?[") & set(glob):
            taken = Globs([glob])
            return not any(taken.match(path) for path in self._manifests)
        if glob.startswith("/"):  # one path, which is no manifest's
            return True
        path = glob.strip("/")
        return path not in (self._folders if "/" in path else self._names)


def line(globs: Collection[str], most: int = MOST_PROPOSED) -> str:
    """Write the line of `.pushboat.yaml`, cut where nobody would add it by hand."""
    shown = ", ".join(json.dumps(each, ensure_ascii=False) for each in list(globs)[:most])
    return f"exclude: [{shown}{', …' if len(globs) > most else ''}]"


def _candidates(path: str) -> Iterator[str]:
    """Write a file as a glob, the widest first: a folder that it lies in, its name anywhere, and it alone."""
    parts = path.split("/")
    for count in range(1, len(parts)):
        yield _plainly("/".join(parts[:count])) + "/"
    yield _plainly(parts[-1])
    yield f"/{_plainly(path)}"


def _plainly(path: str) -> str:
    """Let each sign that would mean something in a glob mean itself; what no glob can say is any sign."""
    return _SIGNS.sub(lambda sign: "?" if sign[0] in "!#\\" else f"[{sign[0]}]", path)
