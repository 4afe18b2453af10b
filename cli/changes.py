"""What becomes of an object, read back from JSON."""

import json
from collections.abc import Mapping
from typing import Any

from pushboat import later_words
from pushboat.model.changeset import Action, Change, FieldChange, PlanWarning, Topic
from pushboat.model.manifest import Ref


def read_change(form: Mapping[str, Any]) -> Change:
    """Read an object's change back from JSON."""
    return Change(
        ref=Ref(form["group"], form["kind"], form["namespace"], form["name"]),
        action=later_words.read(Action, form["action"]),
        why=form["why"],
        fields=tuple(
            FieldChange(path=each["path"], old=_value(each, "old"), new=_value(each, "new")) for each in form["fields"]
        ),
        notes=tuple(form["notes"]),
        warnings=tuple(
            PlanWarning(topic=later_words.read(Topic, each["topic"]), sentence=each["sentence"])
            for each in form["warnings"]
        ),
    )


def _value(field: Mapping[str, Any], side: str) -> str | None:
    """Write a value as its change has it; there is none where its side is missing."""
    return json.dumps(field[side], ensure_ascii=False, separators=(",", ":")) if side in field else None
