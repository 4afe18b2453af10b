"""Files of a work tree become what they are to be: all of them, or none where one is not as the commit has it."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pushboat.errors import CommandRefused
from pushboat.model.deployment import short


class OtherFiles(CommandRefused):
    """A work tree's files are not those that a diff is made for."""


def place(before: Mapping[str, bytes | None], after: Mapping[str, bytes], checkout: Path, sha: str) -> list[str]:
    """Write files of a work tree, and name them.

    Raises:
        OtherFiles: the folder is in no work tree, or a file in it is another one than the commit has.
    """
    root = _root(checkout)
    for file, raw in before.items():
        _demand_same(root, file, raw, sha)
    for file in after:
        _replace(root / file, after[file])
    return sorted(after)


def _root(checkout: Path) -> Path:
    here = checkout.resolve()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return folder
    raise OtherFiles(f"{checkout} is in no git work tree: run this in one, or name it by --checkout")


def _demand_same(root: Path, file: str, raw: bytes | None, sha: str) -> None:
    path = root / file
    if path.parent.resolve() != root / Path(file).parent or path.is_symlink():
        raise OtherFiles(f"{file} is behind a symbolic link in {root}: nothing was written")
    if (path.read_bytes() if path.is_file() else None) != raw:
        raise OtherFiles(
            f"{file} in {root} is not as {short(sha)} has it, which is what runs: nothing was written. Check that "
            "commit out, or leave out --write and give the diff to `git apply --3way`"
        )


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole, with the rights that it had."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(name).chmod(mode)
    Path(name).replace(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
