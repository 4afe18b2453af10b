"""Objects that change, or would, as a terminal shows them: what becomes of each, why, and field by field."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cli import output
from pushboat.model.changeset import Action, Change, FieldChange, PlanWarning, Topic
from pushboat.model.manifest import Ref
from pushboat.model.wording import printable

MOST_FIELDS = 10
"""Of one object; a terminal is no place for more."""
LONGEST_FIELD = 160


def changed(changes: Iterable[Change]) -> Iterator[str]:
    """Show each object on a line, and below it what is to be said about it."""
    for change in changes:
        yield f"  {change.action:<11}{output.one_line(str(change.ref))}"
        yield from (f"{'':13}{output.one_line(line)}" for line in _told(change))


def read_change(form: Mapping[str, Any]) -> Change:
    """Read an object's change back from JSON."""
    return Change(
        ref=Ref(form["group"], form["kind"], form["namespace"], form["name"]),
        action=Action(form["action"]),
        why=form["why"],
        fields=tuple(
            FieldChange(path=each["path"], old=_value(each, "old"), new=_value(each, "new")) for each in form["fields"]
        ),
        notes=tuple(form["notes"]),
        warnings=tuple(PlanWarning(topic=Topic(each["topic"]), sentence=each["sentence"]) for each in form["warnings"]),
    )


def _value(field: Mapping[str, Any], side: str) -> str | None:
    """Write a value as its change has it; there is none where its side is missing."""
    return json.dumps(field[side], ensure_ascii=False, separators=(",", ":")) if side in field else None


def _told(change: Change) -> Iterator[str]:
    """Say why, what to beware of, which fields change, and the rest."""
    if change.why:
        yield change.why
    yield from (f"warning: {each.sentence}" if each.alarming else each.sentence for each in change.warnings)
    yield from (printable(str(each), LONGEST_FIELD) for each in change.fields[:MOST_FIELDS])
    if len(change.fields) > MOST_FIELDS:
        yield f"and {len(change.fields) - MOST_FIELDS} more fields: --json has them all"
    yield from change.notes
