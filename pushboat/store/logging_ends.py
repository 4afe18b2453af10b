"""The line of the log that says how a deployment ended."""

import logging

from pushboat.logs import tell
from pushboat.model.deployment import Deployment, ids_of

logger = logging.getLogger(__name__)


def log_end(ended: Deployment, now: float) -> None:
    """Log how a deployment that had started ended."""
    took, lane = now - (ended.started_at or now), ended.lane
    tell(
        logger,
        f"deployment {ended.id} of {lane.repository} {ended.sha[:7]} to {lane.environment} "
        f"{ended.state} after {took:.1f} s: {ended.reason}",
        **ids_of(ended),
        sha=ended.sha,
        state=ended.state,
        seconds=round(took, 3),
        seconds_since_accepted=round(now - ended.created_at, 3),
    )
