"""A change set as text beside its deployment: what every version since the first has written is read.

What an earlier version did not know is not there, and means nothing. What no page needs whole is cut, with a word.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pushboat import later_words
from pushboat.model.changeset import Action, Change, FieldChange, Left, PlanWarning, Topic
from pushboat.model.manifest import Ref
from pushboat.store.database.texts import LONGEST_DIFFS, LONGEST_REASON, bounded

MOST_NOTES = 50
"""About one object; a field each, where many belong to somebody else."""
MOST_FIELDS = 200
"""Of one object; who changes more looks at the diff."""


def written(made: Iterable[Change]) -> str:
    """Write changes as they are stored."""
    return json.dumps([_item(change) for change in _within_bounds(made)])


def read(text: str) -> tuple[Change, ...]:
    """Read changes of any version."""
    return tuple(_change(item) for item in json.loads(text))


def _item(change: Change) -> Mapping[str, Any]:
    ref = change.ref
    item = {
        "ref": [ref.group, ref.kind, ref.namespace, ref.name],
        "action": change.action,
        "diff": change.diff,
        "notes": change.notes,
        "left": [[each.field, each.whose] for each in change.left],
        "why": change.why,
        "fields": [[each.path, each.old, each.new] for each in change.fields],
        "warnings": [[each.topic, each.sentence] for each in change.warnings],
        "intent": change.intent,
    }
    return {name: value for name, value in item.items() if value or name in ("diff", "notes")}


def _change(item: Mapping[str, Any]) -> Change:
    return Change(
        ref=Ref(*item["ref"]),
        action=later_words.read(Action, item["action"]),
        diff=item["diff"],
        notes=tuple(item["notes"]),
        left=tuple(_left(each) for each in item.get("left", ())),
        why=item.get("why", ""),
        fields=tuple(FieldChange(path=path, old=old, new=new) for path, old, new in item.get("fields", ())),
        warnings=tuple(
            PlanWarning(topic=later_words.read(Topic, topic), sentence=sentence)
            for topic, sentence in item.get("warnings", ())
        ),
        intent=item.get("intent", ""),
    )


def _left(item: str | Sequence[str]) -> Left:
    return Left(item) if isinstance(item, str) else Left(*item)  # an earlier version did not say whose it is


def _within_bounds(made: Iterable[Change]) -> Iterator[Change]:
    """Leave out the diffs and fields that come after as many as one page can show, and say so."""
    room = LONGEST_DIFFS
    for change in made:
        notes = tuple(bounded(note, LONGEST_REASON) for note in _few(change.notes))
        change = replace(
            change,
            why=bounded(change.why, LONGEST_REASON),
            left=tuple(replace(each, field=bounded(each.field, LONGEST_REASON)) for each in change.left[:MOST_NOTES]),
            warnings=tuple(
                replace(each, sentence=bounded(each.sentence, LONGEST_REASON)) for each in change.warnings[:MOST_NOTES]
            ),
        )
        room -= len(change.diff) + sum(map(_length, change.fields))
        if (change.diff or change.fields) and room < 0:
            notes = (*notes, "its diff is left out: there are too many for one page")
            yield replace(change, diff="", fields=(), notes=notes)
        elif len(change.fields) > MOST_FIELDS:
            notes = (*notes, f"and {len(change.fields) - MOST_FIELDS:,} more fields")
            yield replace(change, fields=change.fields[:MOST_FIELDS], notes=notes)
        else:
            yield replace(change, notes=notes)


def _few(notes: Sequence[str]) -> Sequence[str]:
    """Cut what no page needs whole, and say so."""
    if len(notes) <= MOST_NOTES:
        return notes
    return [*notes[: MOST_NOTES - 1], f"and {len(notes) - MOST_NOTES + 1:,} notes like these"]


def _length(change: FieldChange) -> int:
    return len(change.path) + len(change.old or "") + len(change.new or "")
