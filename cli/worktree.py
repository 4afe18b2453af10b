"""Which folders of a work tree a pattern of `.pushboat.yaml` fits, where there is no commit to ask."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from pushboat.config.ways import Way


def folders_below(root: Path) -> Callable[[Way], Sequence[str] | None]:
    """Make the listing of a folder that holds a `.pushboat.yaml`; links and other repositories are no folders of it."""

    def listing(way: Way) -> Sequence[str] | None:
        here = root
        for part in way.folder.split("/") if way.folder else ():
            here = here / part
            if here.is_symlink() or here.is_file():
                return None
        if not here.is_dir():
            return ()
        with os.scandir(here) as found:
            names = sorted(each.name for each in found if each.is_dir(follow_symlinks=False))
        return [name for name in names if way.part(name) and _holds(here / name, way.rest)]

    return listing


def _holds(folder: Path, rest: str) -> bool:
    return not (folder / ".git").exists() and (folder / rest).exists() and any(folder.iterdir())
