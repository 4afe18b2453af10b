"""Objects that change, or would, in lines: what becomes of each, why, and field by field."""

from collections.abc import Iterable, Iterator

from pushboat.model.changeset import Change
from pushboat.model.wording import printable

MOST_FIELDS = 10
"""Of one object; a terminal is no place for more."""
LONGEST_FIELD = 160


def changed(changes: Iterable[Change]) -> Iterator[str]:
    """Show each object on a line, and below it what is to be said about it."""
    for change in changes:
        yield f"  {change.action:<11}{_line(str(change.ref))}"
        yield from (f"{'':13}{_line(each)}" for each in _told(change))


def _told(change: Change) -> Iterator[str]:
    """Say why, what to beware of, which fields change, and the rest."""
    if change.why:
        yield change.why
    yield from (f"warning: {each.sentence}" if each.alarming else each.sentence for each in change.warnings)
    yield from (printable(str(each), LONGEST_FIELD) for each in change.fields[:MOST_FIELDS])
    if len(change.fields) > MOST_FIELDS:
        yield f"and {len(change.fields) - MOST_FIELDS} more fields: --json has them all"
    yield from change.notes


def _line(text: str) -> str:
    return " ".join(text.split())
