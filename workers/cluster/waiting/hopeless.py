"""What cannot come up in time any more: the kubelet's next try comes after the end of the wait. Pure.

A kubelet tries again after 10 s, twice as long each time, and from then on every five minutes. Once it has come to
that, it is known when the next try is, and a wait that ends before it need not be waited out.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from workers.cluster.objects import Object

LAST_STEP = 300.0
"""Seconds between two tries, at last."""
FIRST_OF_THE_LAST = 10.0 + 20.0 + 40.0 + 80.0 + 160.0
"""Seconds after which an image is pulled for the first time at that pace."""
SLACK = 15.0
"""Seconds that a try may come late and take, and that clocks may differ."""
_AT_LAST = re.compile(r"\bback-off 5m0s restarting failed container\b")


def next_try(pods: Sequence[Object], now: float) -> float:
    """Say in how many seconds the kubelet tries again what keeps these pods from running, where that is known; else 0.

    `now` is the cluster's clock. Whoever waits for less than that waits in vain.
    """
    return max((_next(pod, its, now) for pod in pods for its in _statuses(pod)), default=0.0)


def _next(pod: Object, its: Mapping[str, Any], now: float) -> float:
    waiting = (its.get("state") or {}).get("waiting") or {}
    began = _seconds((pod.get("status") or {}).get("startTime"))
    if began is None or pod["metadata"].get("deletionTimestamp"):
        return 0.0
    if waiting.get("reason") == "ImagePullBackOff":
        since = now - began - FIRST_OF_THE_LAST  # only this once: how long each pull took adds up
        return max(0.0, LAST_STEP - since - SLACK) if since >= SLACK else 0.0
    ended = _seconds(((its.get("lastState") or {}).get("terminated") or {}).get("finishedAt"))
    # A node that is set up to try more often says the same words; its pods are too young for them.
    if ended is None or ended - began < FIRST_OF_THE_LAST - SLACK or not _AT_LAST.search(str(waiting.get("message"))):
        return 0.0
    return max(0.0, ended + LAST_STEP - now - SLACK)


def _statuses(pod: Object) -> Sequence[Mapping[str, Any]]:
    found = pod.get("status") or {}
    return [*(found.get("initContainerStatuses") or ()), *(found.get("containerStatuses") or ())]


def _seconds(text: object) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return None
