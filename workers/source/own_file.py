"""The repository's own file at a commit that is in a cache already, with the folders that its patterns name."""

from pathlib import Path

from pushboat.config import repository
from pushboat.config.repository import FILE_NAME, RepositoryFile
from pushboat.errors import DeploymentFailed
from pushboat.model.remote import Remote
from workers.source import checkout, folders


def file_at(caches: Path, remote: Remote, sha: str, name: str) -> RepositoryFile:
    """Read it; `name` is how sentences call the commit.

    Raises:
        InvalidRepositoryFile: with every mistake.
        DeploymentFailed: there is none, or it is a link or a folder.
    """
    content = checkout.read_file(caches, remote, name, sha, FILE_NAME)
    if content is None:
        raise DeploymentFailed(f"{name} has no {FILE_NAME}: `pushboat init` writes one")
    read = repository.parse(content)
    return repository.expanded(read, lambda way: folders.fitting(caches, remote, sha, way))
