"""From a commit to manifests: the environment as the commit defines it, its folder, and what renders from it."""

from pathlib import Path

from pushboat.config import environment, repository
from pushboat.config.environment import Environment
from pushboat.config.repository import FILE_NAME
from pushboat.errors import DeploymentFailed
from pushboat.forges.protocol import Remote
from pushboat.model.deployment import Deployment
from workers import checkout, rendering
from workers.rendering import Rendered
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


def rendered(tools: Tools, deployment: Deployment, folder: Path) -> tuple[Environment, Rendered]:
    """Check a deployment's commit out below `folder` and render it."""
    name, wanted = deployment.lane.repository, deployment.lane.environment
    found = environments_at(tools, name, deployment.sha)[0].get(wanted)
    if found is None:
        raise DeploymentFailed(f"{FILE_NAME} has no environment {wanted} at this commit")
    out = checkout.check_out(tools.git_caches, remote(tools, name), name, deployment.sha, found.path, folder)
    return found, rendering.render(out, found)


def remote(tools: Tools, name: str) -> Remote:
    """Ask the forge where git fetches a repository from."""
    forge, path = split(name)
    return tools.clients(forge).remote(path)
