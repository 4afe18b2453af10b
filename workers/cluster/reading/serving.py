"""Ask an API server again that does not serve a kind yet, although the kind's definition says that it is served.

What such a server answers to looks like an object that is not there, which would be made anew, or forgotten.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.lags import KNOWN_WITHIN
from workers.cluster.client.refusals import NOT_FOUND, Answered
from workers.cluster.reading.definitions import defined_by, too_late

LOOK_EVERY = 0.2
"""Seconds between two looks at what is not served yet."""
_WORDS = ("could not find the requested resource", "404 page not found")
Found = TypeVar("Found")


def is_not_served(answered: Answered) -> bool:
    """Say whether an answer is about a kind that is not served, and not about an object that is not there."""
    return answered.code == NOT_FOUND and any(words in answered.whole for words in _WORDS)


def until_served(
    cluster: Cluster, kind: Kind, ask: Callable[[], Found], go_on: Callable[[], None] | None = None
) -> Found:
    """Give the answer of an API server that serves a kind; `go_on` is asked before each further try; without one,
    whoever guards what is written through this connection is.

    Raises:
        Answered: it refuses that, or no definition says that the kind is served.
        ClusterUnavailable: it does not follow the definition in time.
    """
    behind = None
    go_on = go_on or cluster.before
    while True:
        try:
            found = ask()
        except Answered as answered:
            behind = defined_by(cluster, kind) if is_not_served(answered) else None
            if behind is None:
                raise
            if cluster.lags.seen(behind) > KNOWN_WITHIN:
                raise too_late(cluster, behind, "serves what it answers 404 to") from answered
        else:
            if behind is not None:
                cluster.lags.over(behind)
            return found
        time.sleep(LOOK_EVERY)
        go_on()
