"""Judge by the operator's own rule: expressions over the object, asked in the order in which Flux asks them."""

from collections.abc import Mapping
from typing import Any

from pushboat.cel import Expression
from pushboat.config.health import HealthRule
from pushboat.model.health import Health, Judgement
from workers.cluster.health.reading import (
    HEALTHY,
    LONGEST_WORDS,
    Object,
    degraded,
    mapping,
    metadata,
    progressing,
    spec,
    status,
)


def by_rule(live: Object, rule: HealthRule) -> Judgement:
    """Judge an object: progressing, failed and healthy are asked one after the other; nothing true is not healthy yet.

    What a status does not have cannot be answered, and that is a no: most of it is not there in the beginning.
    """
    values = {"object": live, "metadata": metadata(live), "spec": spec(live), "status": status(live)}
    if _holds(rule.progressing, values):
        return progressing(_said(rule.reason, values) or f"the operator's rule says so: {_text(rule.progressing)}")
    if _holds(rule.failed, values):
        said = _said(rule.reason, values)
        return degraded(said or f"the operator's rule says so: {_text(rule.failed)}", certain=True)
    answer = rule.healthy.answer(values)
    if answer.value is True:
        return HEALTHY
    why = f": {answer.trouble}" if answer.trouble else ""
    reason = _said(rule.reason, values) or f"the operator's rule does not hold yet: {rule.healthy.text}{why}"
    return Judgement(Health.PROGRESSING, reason[:LONGEST_WORDS], spoken=bool(mapping(live.get("status"))))


def _holds(asked: Expression | None, values: Mapping[str, Any]) -> bool:
    return asked is not None and asked.answer(values).value is True


def _said(asked: Expression | None, values: Mapping[str, Any]) -> str:
    value = asked.answer(values).value if asked else None
    return value[:LONGEST_WORDS] if isinstance(value, str) else ""


def _text(asked: Expression | None) -> str:
    return asked.text if asked else ""
