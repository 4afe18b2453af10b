"""Pods without a readiness probe count as ready before they can crash: they must have run for a moment first.

Counted from the container's own start, not from when we looked: a pod that runs for minutes has nothing to prove.
"""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pushboat.model.manifest import Manifest, Ref
from workers.cluster.objects import Object
from workers.cluster.waiting.belonging import WITH_PODS

SETTLES_FOR = 1.0
"""Seconds that a container without a readiness probe must have run."""
LONGEST_PROOF = 30.0
"""Seconds that a container which has crashed must run at most: longer than in the life before."""
_WHOLE_SECOND = 1.0
"""The cluster's clocks leave out fractions."""


class Settling:
    """Remembers since when each container was seen to run."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        self.concerns = frozenset(each.ref for each in manifests if _has_no_probe(each))
        """The workloads that have such containers."""
        self._seen: dict[str, float] = {}

    def left(self, rolled: Collection[Ref], pods: Mapping[Ref, Sequence[Object]], ahead: float) -> float:
        """Say for how many seconds the new pods of what was rolled out must go on running; 0: none.

        `ahead` is what the API server's clock is ahead of ours.
        """
        new = [each for ref in self.concerns & set(rolled) for each in pods.get(ref, ())]
        return max((self._left(*each, ahead) for pod in new for each in _unprobed(pod)), default=0.0)

    def _left(self, pod: Object, container: str, ahead: float) -> float:
        its = next((each for each in _statuses(pod) if each.get("name") == container), {})
        running = (its.get("state") or {}).get("running")
        if running is None:  # the workload's own counts are older than what we know of its pods
            return SETTLES_FOR
        now = time.monotonic()
        first = self._seen.setdefault(f"{pod['metadata']['uid']}/{container}/{its.get('restartCount')}", now)
        age = time.time() + ahead - _seconds(running.get("startedAt")) - _WHOLE_SECOND
        return max(0.0, SETTLES_FOR + _last_life(its) - max(now - first, age))


def _last_life(its: Mapping[str, Any]) -> float:
    last = (its.get("lastState") or {}).get("terminated") or {}
    if "startedAt" not in last or "finishedAt" not in last:
        return 0.0
    return min(max(0.0, _seconds(last["finishedAt"]) - _seconds(last["startedAt"])), LONGEST_PROOF - SETTLES_FOR)


def _unprobed(pod: Object) -> Iterable[tuple[Object, str]]:
    if pod["metadata"].get("deletionTimestamp"):
        return []
    containers = (pod.get("spec") or {}).get("containers") or ()
    return [(pod, str(each.get("name"))) for each in containers if "readinessProbe" not in each]


def _statuses(pod: Object) -> Sequence[Mapping[str, Any]]:
    return (pod.get("status") or {}).get("containerStatuses") or ()


def _seconds(text: object) -> float:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return time.time()


def _has_no_probe(manifest: Manifest) -> bool:
    spec = manifest.body.get("spec") or {}
    kind = (manifest.ref.group, manifest.ref.kind)
    if kind not in WITH_PODS or kind == ("batch", "Job") or spec.get("minReadySeconds"):
        return False
    containers = ((spec.get("template") or {}).get("spec") or {}).get("containers") or ()
    return any("readinessProbe" not in each for each in containers)
