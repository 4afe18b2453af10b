"""What the runs of a deployment's hooks are called in the cluster, and which deployment a run is of."""

from pushboat.model.deployment import Deployment, short
from pushboat.model.digits import whole


def name_of(deployment: Deployment) -> str:
    """Name a deployment in what its hooks make, also for a store that was lost and counts from one again."""
    return f"{deployment.id}-{short(deployment.sha)}-{int(deployment.created_at)}"


def number_in(run: str) -> int:
    """Read the deployment's number from a run's label; 0 where there is none."""
    return whole(run.partition("-")[0]) or 0


def is_run_of(deployment: Deployment, run: str) -> bool:
    """Say whether a run is one of this deployment's."""
    return run.startswith(f"{name_of(deployment)}-")
