"""Whether a render came out as it should have: one field of one object is another one, and nothing else is."""

import json
from collections.abc import Mapping
from typing import Any

from pushboat.model.changeset import Steps
from pushboat.model.manifest import Manifest, Ref
from workers.editing.rewriting import same
from workers.editing.texts import CannotWrite
from workers.writing_back.steps import changed, value_at
from workers.writing_back.words import GONE, LiveField

Rendered = Mapping[Ref, Manifest]


def refuted(field: LiveField, before: Rendered, after: Rendered) -> str:
    """Say what a render shows to be wrong with a way of writing a field; nothing where it is right."""
    if before.keys() != after.keys():
        gone, come = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
        if len(gone) == len(come) == 1 and gone[0] == field.ref:
            return f"its name is made of what is in it, so that {come[0]} would come in its place"
        return f"{', '.join(map(str, [*gone, *come][:2]))} would come or go by it"
    others = [ref for ref in before if ref != field.ref and not same(before[ref].body, after[ref].body)]
    if others:
        return f"{others[0]} would change by it too"
    try:
        wanted = changed(before[field.ref].body, field.steps, field.value)
    except CannotWrite as error:
        return str(error)
    made = after[field.ref].body
    if same(_sorted(made, field.steps), _sorted(wanted, field.steps)):
        return ""
    now, then = value_at(made, field.steps), value_at(before[field.ref].body, field.steps)
    if now is then or (now == then and type(now) is type(then)):
        return "something that is rendered later decides it"
    return "other fields of the object would change by it too"


def reordered(field: LiveField, before: Rendered, after: Rendered) -> bool:
    """Say whether a new item comes in another place of its list than it has live."""
    if field.value is GONE or not isinstance(field.steps[-1], tuple):
        return False
    wanted = changed(before[field.ref].body, field.steps, field.value, field.behind)
    return not same(after[field.ref].body, wanted)


def _sorted(body: Any, steps: Steps) -> Any:
    """Sort the list in which an item comes or goes: where a renderer puts it is its own affair."""
    *way, last = steps
    held = value_at(body, tuple(way)) if isinstance(last, tuple) else None
    if not isinstance(held, list):
        return body
    return changed(body, tuple(way), sorted(held, key=lambda each: json.dumps(each, sort_keys=True)))
