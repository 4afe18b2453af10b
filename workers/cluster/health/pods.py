"""Pods and their containers: what keeps one from running, in the words a person needs to mend it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pushboat.model.health import Health, Judgement
from workers.cluster.health.images import PULLING, innermost
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    is_true,
    number,
    progressing,
    spec,
    status,
    words,
)

_HOPELESS = frozenset({"InvalidImageName", "ErrImageNeverPull"})
"""What no time mends. An image that is not there may still be built, and a container that crashes may have started
before what it needs: the kubelet goes on trying both, so a rollout can come up as long as somebody waits for it."""
_STARTING = frozenset({"ContainerCreating", "PodInitializing", ""})


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one pod: the container (empty: the pod itself), and whether waiting can mend it.

    `details` is the kubelet's whole message where the sentence leaves something out.
    """

    container: str
    sentence: str
    certain: bool = False
    broken: bool = True
    details: str = ""

    @property
    def whole(self) -> str:
        """Give everything that is known."""
        return self.details or self.sentence


def pod(live: Object) -> Judgement:
    """Judge a pod that a manifest declares."""
    phase = status(live).get("phase")
    lasting = spec(live).get("restartPolicy", "Always") == "Always"
    if phase == "Succeeded":
        return HEALTHY
    found = trouble(live)
    if phase == "Failed":
        return degraded(_named(found) if found else "failed", certain=not lasting)
    if found is not None:
        return degraded(_named(found), certain=found.certain) if found.broken else progressing(_named(found))
    if phase == "Running" and lasting and is_true(live, "Ready"):
        return HEALTHY
    return progressing("is running" if phase == "Running" else "is starting")


def trouble(live: Object) -> Trouble | None:
    """Find the worst that is wrong with a pod; nothing while it merely starts."""
    found = list(_troubles(live))
    return max(found, key=lambda each: (each.certain, each.broken), default=None)


def worst(pods: Sequence[Object]) -> Judgement | None:
    """Judge a workload's pods by the worst of them; nothing where none has a trouble of its own."""
    judgements = []
    for each in pods:
        found = trouble(each)
        if found is not None and not each["metadata"].get("deletionTimestamp"):
            where = f"pod {each['metadata']['name']}{', container ' + found.container if found.container else ''}"
            health = Health.DEGRADED if found.broken else Health.PROGRESSING
            judgements.append(Judgement(health, f"{where}: {found.sentence}", found.certain))
    return max(judgements, key=lambda each: (each.certain, each.health is Health.DEGRADED), default=None)


def _troubles(live: Object) -> Iterator[Trouble]:
    found = status(live)
    if found.get("phase") == "Failed":
        why = ": ".join(str(found[name]) for name in ("reason", "message") if found.get(name))
        yield Trouble("", f"failed: {why}" if why else "failed")
    scheduled = condition(live, "PodScheduled")
    if scheduled.get("status") == "False":
        yield Trouble("", f"{scheduled.get('reason', 'Unschedulable')}: {words(scheduled)}", broken=False)
    for group in ("initContainerStatuses", "containerStatuses"):
        for each in found.get(group) or ():
            yield from _container(each)


def _container(its: Mapping[str, Any]) -> Iterator[Trouble]:
    state = its.get("state") or {}
    waiting, ended = state.get("waiting") or {}, state.get("terminated") or {}
    last = (its.get("lastState") or {}).get("terminated") or {}
    name, count = str(its.get("name", "")), number(its, "restartCount")
    reason = str(waiting.get("reason", ""))
    if reason == "CrashLoopBackOff":
        yield Trouble(name, _crash(reason, last, count))
    elif reason in _HOPELESS:
        yield _waits(name, reason, waiting, certain=True)
    elif waiting and reason not in _STARTING:
        yield _waits(name, reason, waiting)
    elif ended and number(ended, "exitCode") != 0:
        yield Trouble(name, _crash("ended", ended, count))
    elif last and not its.get("ready") and number(last, "exitCode") != 0:
        yield Trouble(name, _crash("restarting", last, count))
    elif state.get("running") and not its.get("ready"):
        yield Trouble(name, "runs, but is not ready", broken=False)


def _crash(word: str, last: Mapping[str, Any], restarts: int) -> str:
    facts = [f"exit {last['exitCode']}"] if "exitCode" in last else []
    if last.get("reason") not in (None, "", "Error", "Completed"):
        facts.insert(0, str(last["reason"]))
    if restarts:
        facts.append(f"restarted {restarts}\u00d7")
    sentence = f"{word} ({', '.join(facts)})" if facts else word
    message = " ".join(str(last.get("message", "")).split())
    return f"{sentence}: {message}" if message else sentence


def _waits(name: str, reason: str, waiting: Mapping[str, Any], *, certain: bool = False) -> Trouble:
    message = " ".join(str(waiting.get("message", "")).split())
    if not message:
        return Trouble(name, reason, certain)
    cause = innermost(message) if reason in PULLING else message
    details = f"{reason}: {message}" if cause != message else ""
    return Trouble(name, f"{reason}: {cause}", certain, details=details)


def _named(found: Trouble) -> str:
    return f"container {found.container}: {found.sentence}" if found.container else found.sentence
