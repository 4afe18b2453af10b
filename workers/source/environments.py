"""The environments that a commit defines, inside what the operator allows, and where git fetches the commit from."""

from pushboat.config import environment, repository
from pushboat.config.environment import Environment
from pushboat.config.repository import FILE_NAME
from pushboat.forges.protocol import Remote
from workers.source import checkout
from workers.tools import Tools, split


def environments_at(tools: Tools, name: str, sha: str) -> tuple[dict[str, Environment], bool]:
    """Read a commit's `.pushboat.yaml` under the operator's limits; also say whether the commit has the file.

    Raises:
        InvalidRepositoryFile: with every mistake.
        CheckoutFailed, ForgeUnavailable, ForgeRefused: the commit cannot be had.
    """
    content = checkout.read_file(tools.git_caches, remote(tools, name), name, sha, FILE_NAME)
    project = tools.project(name)
    file = None if content is None else repository.parse(content, project=project)
    return environment.effective(project, file), file is not None


def remote(tools: Tools, name: str) -> Remote:
    """Ask the forge where git fetches a repository from."""
    forge, path = split(name)
    return tools.clients(forge).remote(path)
