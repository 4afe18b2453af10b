"""An object as the wait for its health saw it last, with what its controllers made of it: ReplicaSets and pods."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pushboat import later_words
from pushboat.model.health import Health
from pushboat.model.manifest import Ref

MOST_OBJECTS = 200
"""Of one deployment, the worst first; what is beyond is counted."""
MOST_DEPENDENTS = 10
"""Of one owner, the worst first: a crowd of pods rarely has an eleventh reason."""
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One object: how it did, and its dependents; `more` of them are not named.

    `note` says what else tells it from its like: a ReplicaSet's revision.
    """

    ref: Ref
    health: Health
    reason: str = ""
    note: str = ""
    dependents: tuple["Observed", ...] = ()
    more: int = 0

    @property
    def is_well(self) -> bool:
        """Say whether nothing is wrong with it, nor with any of its dependents."""
        return self.health in WELL and all(each.is_well for each in self.dependents)


WELL = (Health.HEALTHY, Health.UNVERIFIED)
_WORST_FIRST = tuple(reversed(Health))


def worst_first(objects: Iterable[Observed]) -> list[Observed]:
    """Put what people look for on top, a word of a later version where Unknown is; of equals each keeps its place."""
    return sorted(objects, key=lambda each: _WORST_FIRST.index(later_words.known_or(each.health, Health.UNKNOWN)))


def written(objects: Sequence[Observed]) -> str:
    """Write the worst of them as the store keeps them."""
    return json.dumps([_form(each) for each in worst_first(objects)[:MOST_OBJECTS]], ensure_ascii=False)


def read(text: str) -> tuple[Observed, ...]:
    """Read what `written` wrote."""
    return tuple(_read(each) for each in json.loads(text or "[]"))


def _form(one: Observed) -> list[Any]:
    ref = one.ref
    about = [ref.group, ref.kind, ref.namespace, ref.name, str(one.health), one.reason[:LONGEST_REASON], one.note]
    return [*about, one.more, [_form(each) for each in one.dependents]]


def _read(form: Sequence[Any]) -> Observed:
    group, kind, namespace, name, health, reason, note, more, dependents = form
    return Observed(
        ref=Ref(group, kind, namespace, name),
        health=later_words.read(Health, health),
        reason=reason,
        note=note,
        more=more,
        dependents=tuple(_read(each) for each in dependents),
    )
