"""What has ended, as spans: a delivery with its routing, a deployment with its stages, the letters that told of it.

A deployment hangs on the delivery that asked for it, and what it consists of hangs on the deployment. The times are the
store's. No attribute holds what people wrote but names, and the sentence that stands on the commit anyway.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pushboat.model.deployment import Deployment, Progress
from pushboat.model.span import Part, Span, caller_of, span_of, trace_of
from pushboat.model.stages import QUEUED
from pushboat.model.state import Kind, State
from pushboat.store.database.transaction import Row
from pushboat.store.outbox import DEAD
from pushboat.store.traces import Came
from pushboat.store.untold import Ended

LONGEST = 200
"""Characters of an attribute."""
MOST_STAGES = 200
"""Of one deployment: one that is tried again for days has no more."""


def spans(found: Ended) -> list[Span]:
    """Make the spans of what has ended."""
    return [
        *(span for row in found.deliveries for span in _of_delivery(found.installation, row)),
        *(
            span
            for deployment in found.deployments
            for span in _of_deployment(deployment, found.lines.get(deployment.id, ()), found.came[deployment.id])
        ),
        *(_of_letter(row, number, found.came[number].trace) for row, number in found.letters if number in found.came),
    ]


def _of_delivery(installation: str, row: Row) -> Iterator[Span]:
    trace, number = trace_of(installation, row["forge"], row["delivery"] or ""), row["id"]
    event = json.loads(row["event"] or "{}")
    kind = str(event.get("kind", ""))
    headers = json.loads(row["headers"] or "{}")
    root = span_of(trace, "delivery", number)
    ended = max(row["received_at"], row["routed_at"])  # the clock may have been set back in between
    yield Span(
        trace=trace,
        id=root,
        name=f"delivery {kind}".rstrip(),
        part=Part.SERVER,
        begins=row["received_at"],
        ends=ended,
        caller=caller_of(str(headers.get("traceparent", ""))),
        attributes=_short(
            {
                "pushboat.delivery": number,
                "pushboat.forge": row["forge"],
                "pushboat.deployments": len(json.loads(row["deployments"])),
                "vcs.repository.name": row["repository"],
                "vcs.ref.head.revision": row["sha"],
                "vcs.ref.head.name": str(event.get("ref", "")),
            }
        ),
    )
    if row["taken_up_at"] is not None:
        yield Span(
            trace=trace,
            id=span_of(trace, "route", number),
            parent=root,
            name="route",
            begins=min(max(row["received_at"], row["taken_up_at"]), ended),
            ends=ended,
            attributes={"pushboat.delivery": number, "pushboat.tries": row["attempts"] + 1},
        )


def _of_deployment(deployment: Deployment, lines: Sequence[Progress], came: Came) -> Iterator[Span]:
    of, ends = _span_of_deployment(came.trace, deployment.id), deployment.finished_at or deployment.created_at
    word = {Kind.DEPLOY: "deploy", Kind.PLAN: "plan", Kind.REMOVAL: "remove"}.get(deployment.kind, str(deployment.kind))
    yield Span(
        trace=came.trace,
        id=of,
        parent=span_of(came.trace, "delivery", came.delivery) if came.delivery else "",
        name=f"{word} {deployment.lane.environment}",
        begins=deployment.created_at,
        ends=max(deployment.created_at, ends),
        failed=deployment.reason if deployment.state in (State.FAILED, State.ERRORED) else None,
        attributes=_short(
            {
                "pushboat.deployment": deployment.id,
                "pushboat.state": str(deployment.state),
                "pushboat.trigger": str(deployment.trigger),
                "pushboat.tries": deployment.attempts,
                "deployment.id": str(deployment.id),
                "deployment.environment.name": deployment.lane.environment,
                "vcs.repository.name": deployment.lane.repository,
                "vcs.ref.head.revision": deployment.sha,
                "vcs.ref.head.name": deployment.ref,
                **{f"pushboat.objects.{each}": getattr(deployment.counts, each) for each in _COUNTED},
            }
        ),
    )
    for place, (phase, began, ended) in enumerate(_stays(deployment, lines, ends)):
        yield Span(
            trace=came.trace,
            id=span_of(came.trace, "stage", deployment.id, place),
            parent=of,
            name=phase,
            begins=began,
            ends=ended,
            attributes={"pushboat.deployment": deployment.id},
        )


def _stays(deployment: Deployment, lines: Iterable[Progress], end: float) -> list[tuple[str, float, float]]:
    """Give each stay in a stage with its times; a wave after another comes back to one, and stays anew."""
    started = deployment.started_at
    begun = [(QUEUED, deployment.created_at)]
    for line in sorted(lines, key=lambda line: line.at):
        if started is not None and line.phase != begun[-1][0] and len(begun) < MOST_STAGES:
            begun.append((line.phase, min(max(line.at, begun[-1][1]), end)))
    if started is not None and len(begun) > 1 and begun[1][1] > started:
        begun.insert(1, ("start", max(started, begun[0][1])))
    ends = [at for _, at in begun[1:]] + [max(end, begun[-1][1])]
    return [(phase, began, ended) for (phase, began), ended in zip(begun, ends, strict=True)]


def _of_letter(row: Row, number: int, trace: str) -> Span:
    return Span(
        trace=trace,
        id=span_of(trace, "letter", row["id"]),
        parent=_span_of_deployment(trace, number),
        name=f"letter {row['kind']}",
        part=Part.CLIENT,
        begins=row["created_at"],
        ends=max(row["created_at"], row["sent_at"]),
        failed=row["error"] if row["outcome"] == DEAD else None,
        attributes=_short(
            {
                "pushboat.letter": row["id"],
                "pushboat.deployment": number,
                "pushboat.forge": row["forge"],
                "pushboat.outcome": row["outcome"],
                "pushboat.tries": row["attempts"],
            }
        ),
    )


def _span_of_deployment(trace: str, number: int) -> str:
    return span_of(trace, "deployment", number)


def _short(attributes: Mapping[str, str | int]) -> dict[str, str | int | float | bool]:
    """Leave out what is empty, and cut what is long."""
    return {
        name: value[:LONGEST] if isinstance(value, str) else value for name, value in attributes.items() if value != ""
    }


_COUNTED = ("created", "configured", "unchanged", "deleted")
