"""Whether each object of a list had completed before the next was written, by the cluster's own clock. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from tests.corpus.paths import value_at
from tests.corpus.seen import Broken, History, Json, Moment


def in_order(names: Sequence[str], histories: Mapping[str, History]) -> Iterator[Broken]:
    """Give every neighbour that came too early, or never."""
    for name in names:
        if not histories[name].before and not _written(histories[name]):
            yield Broken("order", f"{name} to be written", "no such object")
    for first, second in pairwise(names):
        written = _written(histories[second])
        completed = _completed(first, histories[first])
        if written and (completed is None or completed >= written[0].revision):
            when = "never" if completed is None else f"at {completed}"
            seen = f"{second} written at {written[0].revision}, {first} completed {when} (of the cluster's revisions)"
            yield Broken("order", f"{first} to have completed before {second} was written", seen)


def _written(history: History) -> tuple[Moment, ...]:
    """Give the moments from the first that somebody wrote on, and not only a controller its status."""
    known = {name: _generation(found) for name, found in history.before.items()}
    for number, moment in enumerate(history.since):
        if moment.found is None:
            known.pop(moment.name, None)
        elif moment.name not in known or known[moment.name] != _generation(moment.found):
            return history.since[number:]
    return ()


def _generation(found: Json) -> object:
    metadata = found["metadata"]
    return metadata["uid"], metadata.get("generation", metadata["resourceVersion"])


def _completed(name: str, history: History) -> int | None:
    """Give the revision at which an object had completed what was written; 0 where nothing was, and it had before."""
    has = COMPLETED.get(name.partition("/")[0], _is_there)
    written = _written(history)
    if not written:
        return 0 if any(has(found) for found in history.before.values()) else None
    return next((moment.revision for moment in written if moment.found is not None and has(moment.found)), None)


def _is_there(found: Json) -> bool:
    return True


def _job(found: Json) -> bool:
    conditions = value_at(found, "status.conditions") or []
    return any(one["type"] == "Complete" and one["status"] == "True" for one in conditions)


def _pod(found: Json) -> bool:
    return bool(value_at(found, "status.phase") == "Succeeded")


def _deployment(found: Json) -> bool:
    wanted, status = value_at(found, "spec.replicas"), found.get("status", {})
    if status.get("observedGeneration") != found["metadata"]["generation"]:
        return False
    return bool(status.get("updatedReplicas", 0) == status.get("availableReplicas", 0) == wanted)


COMPLETED: dict[str, Callable[[Json], bool]] = {"Job": _job, "Pod": _pod, "Deployment": _deployment}
"""What it means that an object has completed; other kinds have when they are there."""
