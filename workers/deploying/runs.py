"""What the runs of a deployment's hooks are called in the cluster, and which deployment a run is of."""

from pushboat.model.deployment import Deployment, short


def name_of(deployment: Deployment) -> str:
    """Name a deployment in what its hooks make, also for a store that was lost and counts from one again."""
    return f"{deployment.id}-{short(deployment.sha)}-{int(deployment.created_at)}"


def number_in(run: str) -> int:
    """Read the deployment's number from a run's label; 0 where there is none."""
    number = run.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


def is_run_of(deployment: Deployment, run: str) -> bool:
    """Say whether a run is one of this deployment's."""
    return run.startswith(f"{name_of(deployment)}-")
