"""The states of a deployment, and which of them are final."""

from enum import StrEnum


class State(StrEnum):
    """Where a deployment stands: failed is the revision's fault, errored the world's, after retries."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ERRORED = "errored"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Say whether nothing will change any more."""
        return self in (State.SUCCEEDED, State.FAILED, State.ERRORED, State.SUPERSEDED, State.CANCELLED)


class Kind(StrEnum):
    """What a deployment does: write to the cluster, say what it would write (a pull request's plan), or delete all that
    the environment has there."""

    DEPLOY = "deploy"
    PLAN = "plan"
    REMOVAL = "removal"


WRITING = (Kind.DEPLOY, Kind.REMOVAL)
"""What changes an environment."""


class Trigger(StrEnum):
    """What asked for a deployment."""

    PUSH = "push"
    MERGE = "merge"
    PULL_REQUEST = "pull_request"
    COMMENT = "comment"
    COMMAND = "command"
    BUTTON = "button"
    API = "api"
    PAGE = "page"
    DEPLOYMENT = "deployment"
    REPLAY = "replay"
    CATCH_UP = "catch-up"
    ROLLBACK = "rollback"
    ON_FAILURE = "on-failure"
    SELF_HEAL = "self-heal"
    MOVED = "moved"
    CLOSED = "closed"
    MERGE_QUEUE = "merge-queue"
    PROMOTION = "promotion"
    RECOVERY = "recovery"


BY_THEMSELVES = (Trigger.PUSH, Trigger.MERGE, Trigger.CATCH_UP, Trigger.CLOSED, Trigger.MERGE_QUEUE)
"""What deploys because a ref moved, and not because somebody named a commit."""

BY_NAME = (
    Trigger.COMMENT, Trigger.COMMAND, Trigger.BUTTON, Trigger.API, Trigger.PAGE, Trigger.DEPLOYMENT, Trigger.PROMOTION,
)  # fmt: skip
"""What deploys because somebody named a commit."""
