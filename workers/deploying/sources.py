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
    found = environments_at(tools, name, deployment.sha)[0].get(wanted)
    if found is None:
        raise DeploymentFailed(f"{FILE_NAME} has no environment {wanted} at this commit")
    out = checkout.check_out(
        tools.git_caches, remote(tools, name), name, deployment.sha, found.path, folder, references
    )
    return found, choosing.render(out, found)
