"""Sentences about fields and whose they are; a Secret's values are in none of them."""

from collections.abc import Iterator

from workers.cluster.fieldsets import spelled
from workers.cluster.masking import MASK
from workers.cluster.objects import Object, is_secret
from workers.cluster.paths import Path, find, named, value_at
from workers.cluster.planning.adopting import Refusal
from workers.cluster.planning.books import Books
from workers.cluster.planning.conflicts import Decision, Verdict
from workers.cluster.planning.managers import Sort

LONGEST_VALUE = 60
_VALUES = ("data", "stringData")


def told(verdict: Verdict, body: Object) -> str:
    """Say what becomes of one field."""
    if verdict.by is None:
        return f"{named(body, verdict.path)} put back: it was taken away"
    if verdict.decision is Decision.LEAVE:
        return f"{named(body, verdict.path)} is left to {verdict.by.holder}"
    why = ": this commit changes it" if verdict.by.sort is Sort.CONTROLLER else ""
    return f"{named(body, verdict.path)} taken over from {verdict.by.holder}{why}"


def refusal(verdict: Verdict, body: Object, live: Object) -> Refusal:
    """Say whose field it is, and both values."""
    assert verdict.by is not None  # nobody is refused without somebody
    where = named(body, verdict.path)
    there = next(find(live, where), None)
    values = f" ({_shown(live, there)} there, {_shown(body, verdict.path)} in git)" if there is not None else ""
    return Refusal(word=verdict.by.word, sentence=f"{where} belongs to {verdict.by.holder}{values}", whole=False)


def told_of_books(books: Books | None, *, ours: bool) -> Iterator[str]:
    """Say what is taken out of an object, and what is left in it although git does not have it.

    Of an object that is adopted, everything is new to us, the defaults that its maker owned included.
    """
    if books is not None:
        yield from (f"{spelled(steps)} is left to {by.holder}" for steps, by in books.kept)
        if ours:
            yield from (f"{spelled(steps)} removed: {by.holder} added it" for steps, by in books.leaving)


def _shown(body: Object, path: Path) -> str:
    if is_secret(body) and path[0] in _VALUES:
        return MASK
    text = str(value_at(body, path))
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
