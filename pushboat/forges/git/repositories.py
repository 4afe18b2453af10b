"""From a repository's name to its folder below `root` and back, with no way out of `root`."""

from pathlib import Path

from pushboat.config.operator import Forge
from pushboat.errors import ForgeRefused
from pushboat.model.wording import quoted


def folder(forge: Forge, repository: str) -> Path:
    """Find the bare repository: `shop` is `shop.git` below the root, or else `shop`."""
    if forge.root is None:
        raise ForgeRefused(f"forge {forge.name} has no root; the operator must set it in pushboat.yaml")
    root = forge.root.resolve()
    parts = repository.split("/")
    if any(part in ("", ".", "..") or part.startswith("-") or "\0" in part for part in parts):
        raise ForgeRefused(f"{quoted(f'{forge.name}/{repository}')} is not the name of a repository")
    for name in (f"{repository}.git", repository):
        path = (root / name).resolve()
        # A symlink may lead anywhere; only what really lies below the root is served.
        if path.is_relative_to(root) and (path / "HEAD").is_file():
            return path
    raise ForgeRefused(f"there is no bare repository {repository}.git below {root}; create it or correct the name")


def name(root: Path, repository: Path) -> str:
    """Name a bare repository as deliveries and pushboat.yaml do."""
    return repository.resolve().relative_to(root.resolve()).as_posix().removesuffix(".git")
