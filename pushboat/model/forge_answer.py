"""What is said to the forge where its own deployments or workflows ask us, and nothing of ours is deployed for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Say at a deployment, by its number at the forge, why nothing follows from it."""

    number: int
    environment: str
    sha: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """Say whether the job of a workflow's run may deploy to an environment."""

    run: int
    environment: str
    approved: bool
    comment: str
