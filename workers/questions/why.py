"""Why an object is not healthy, in one sentence, and what shows it."""

from collections.abc import Iterator
from typing import Any

from pushboat.config.operator import Operator
from pushboat.errors import ClusterRefused, Unavailable
from pushboat.model.health import Health
from pushboat.model.json_forms import log_form
from pushboat.model.question import Told
from workers.cluster.examining import Examined, UnknownKind
from workers.questions.seeking import seek
from workers.questions.speaking import There
from workers.questions.words import Unclear

FINE = (Health.HEALTHY, Health.UNVERIFIED)


class MayNotLook(Unavailable):
    """The account that is asked as may not read this, so nobody knows how it is doing."""


def why(operator: Operator, there: There, what: str, *, namespace: str = "", cluster: str = "") -> Examined:
    """Find an object by `KIND/NAME` and say how it is doing.

    Raises:
        Unclear: it is not named well enough.
        Unavailable: nobody could look.
    """
    kind, _, name = what.partition("/")
    if not kind or not name or "/" in name:
        raise Unclear("name the object as KIND/NAME, such as deployment/web")
    try:
        return seek(operator, there, kind, name, namespace=namespace, cluster=cluster)
    except UnknownKind as unknown:
        raise Unclear(unknown.summary) from unknown
    except ClusterRefused as refused:
        raise MayNotLook(refused.summary, refused.details) from refused


def told_of(found: Examined) -> Told:
    """Say how it is doing, as terminals do: where it is not fine, the exit code is a no."""
    code = 0 if found.finding.judgement.health in FINE else 1
    return Told(code=code, form=_form(found), lines=tuple(_lines(found)))


def _form(found: Examined) -> dict[str, Any]:
    judgement = found.finding.judgement
    return {
        "ref": str(found.finding.ref),
        "health": str(judgement.health),
        "reason": judgement.reason,
        "conditions": list(found.conditions),
        "details": found.details,
        "logs": [log_form(each) for each in found.logs],
    }


def _lines(found: Examined) -> Iterator[str]:
    yield f"{found.finding.judgement.health}: {found.finding}"
    _, _, evidence = found.details.partition("\n\n")
    if evidence:
        yield from ("", *evidence.splitlines())
    if found.conditions:
        yield from ("", "conditions:", *(f"  {each}" for each in found.conditions))
    for log in found.logs:
        yield from ("", f"last lines of {log.heading}:", *(f"  {line}" for line in log.lines))
