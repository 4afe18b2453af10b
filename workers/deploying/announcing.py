"""The cluster tells the same story: which commit changed a workload, and an event for each deployment that did.

Events are for people who look with kubectl. Nothing depends on them: where they may not be written, the log says so.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from pushboat.errors import ClusterUnavailable, PushboatError
from pushboat.model.deployment import Deployment, short
from pushboat.model.state import Kind, State
from pushboat.store import delivery_rows
from workers.cluster.client.connection import Cluster
from workers.cluster.client.lines import nothing_to_ask
from workers.cluster.inventory import Parent
from workers.cluster.writing.events import Notice, publish
from workers.tools import Tools

logger = logging.getLogger(__name__)
REST_BETWEEN_TRIES = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds before the second try and those after it: the deployment has ended, and nobody waits for its event."""
_REASONS = {
    State.SUCCEEDED: "Deployed",
    State.FAILED: "DeploymentFailed",
    State.ERRORED: "DeploymentErrored",
    State.CANCELLED: "DeploymentCancelled",
    State.SUPERSEDED: "DeploymentSuperseded",
}


@dataclass(slots=True)
class Announcements:
    """Where the end of a deployment is told besides the forge: nowhere until its inventory is known."""

    tell: Callable[[State, str], None] = lambda _state, _sentence: None


def cause_of(tools: Tools, deployment: Deployment) -> str:
    """Say in one line what a deployment is: commit, branch, who, on which pull request, and its page."""
    number = delivery_rows.number_of(tools.store, deployment.delivery) if deployment.delivery else None
    words = [
        f"{deployment.lane.repository}@{short(deployment.sha)} ({deployment.ref.removeprefix('refs/heads/')})"
        + (f" by {deployment.author}" if deployment.author else "")
    ]
    words += [f"pull request #{number}"] if number else []
    words += ["removed"] if deployment.kind is Kind.REMOVAL else []
    words += (
        [f"{'puts back' if deployment.heals else 'back to'} release {deployment.again}"] if deployment.again else []
    )
    return ", ".join([*words, f"{tools.operator.public_url}{deployment.path}"])


def announcing(
    cluster: Cluster, inventory: Callable[[], Parent], deployment: Deployment, cause: str
) -> Callable[[State, str], None]:
    """Tell the end of a deployment at its inventory; a plan is no event of a cluster.

    By then its lane is given back, and no lease may stop the telling: the event names the deployment, and whoever has
    the lane next writes another.
    """
    ours = cluster.guarded_by(nothing_to_ask)

    def tell_once(state: State, sentence: str) -> None:
        good, removal = state is State.SUCCEEDED, deployment.kind is Kind.REMOVAL
        parent = inventory()
        notice = Notice(
            name=f"{parent.name}.{deployment.id}",
            reason="Removed" if good and removal else _REASONS[state],
            message=f"{cause}: {sentence}",
            kind="Normal" if good else "Warning",
            last=removal,
        )
        publish(ours, parent, notice)

    def tell(state: State, sentence: str) -> None:
        if deployment.kind is Kind.PLAN:
            return
        try:
            _insist(lambda: tell_once(state, sentence))
        except PushboatError as refused:
            logger.info("deployment %s has no event at its inventory: %s", deployment.id, refused.summary)

    return tell


def _insist(tell: Callable[[], None]) -> None:
    for rest in REST_BETWEEN_TRIES:
        try:
            tell()
        except ClusterUnavailable:
            time.sleep(rest)
        else:
            return
    tell()
