"""From a deployment to manifests: the environment as its commit defines it, its folder, and what renders from it."""

from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.config.repository import FILE_NAME
from pushboat.errors import DeploymentFailed
from pushboat.model.deployment import Deployment
from workers.render import choosing
from workers.render.choosing import Rendered
from workers.render.kustomize.references import references
from workers.source import checkout
from workers.source.environments import environments_at, remote
from workers.tools import Tools


def rendered(tools: Tools, deployment: Deployment, folder: Path) -> tuple[Environment, Rendered]:
    """Check a deployment's commit out below `folder` and render it."""
    name, wanted = deployment.lane.repository, deployment.lane.environment
    found = environment_at(tools, name, deployment.sha, wanted)
    if found is None:
        raise DeploymentFailed(f"{FILE_NAME} has no environment {wanted} at this commit")
    return found, rendered_at(tools, name, deployment.sha, found, folder)


def environment_at(tools: Tools, repository: str, sha: str, name: str) -> Environment | None:
    """Read an environment as a commit defines it; None where the commit does not have it."""
    return environments_at(tools, repository, sha)[0].get(name)


def rendered_at(tools: Tools, repository: str, sha: str, environment: Environment, folder: Path) -> Rendered:
    """Check any commit out below `folder` and render an environment from it."""
    source = remote(tools, repository)
    out = checkout.check_out(tools.git_caches, source, repository, sha, environment.path, folder, references)
    return choosing.render(out, environment)
