"""Which deliveries of a repository are routed in one order: those of a stream. No stream waits for another one.

A push is in the stream of its ref, and so is a merge, which moves that ref. Other news of a pull request are in that
one's. An ask that names an environment is in the environment's, so that a cancel comes after what it cancels.
Streams may overtake each other; what that means for a lane is said in the store's `superseding.py`.
"""

from collections.abc import Sequence

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask


def stream(event: Event, asked: Sequence[Ask] = ()) -> str:
    """Name the stream of a delivery; never empty, which is the stream of before there were streams."""
    for ask in asked:
        if ask.environment:
            return f"environment {ask.environment}"
    if event.kind is EventKind.PULL_REQUEST and event.merged_sha:
        return f"refs/heads/{event.base_ref}"
    if event.number:
        return f"#{event.number}"
    return event.ref or event.kind.value
