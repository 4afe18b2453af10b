"""Whose object is it that we are about to take over, and may we? Refused at the first push, never half-way.

An object that another tool keeps deploying would be green once and fought over from then on. So who deployed it is
found out before anything is written, and the operator's file says which tools may be taken over from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pushboat.errors import ApplyRejected
from pushboat.model.manifest import Manifest
from pushboat.model.wording import listed
from workers.cluster.fieldsets import count_covered
from workers.cluster.objects import Object
from workers.cluster.planning.managers import KUBECTL, Sort
from workers.cluster.planning.owners import Mark, Owner, holding, mark_of
from workers.cluster.planning.rules import Rules

MOST_TOLD = 3
"""Fields of one object, or names of its managers; a fourth says nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an object, or one field of it, is not ours to take; `word` is what `adopt` lacks."""

    word: str
    sentence: str
    whole: bool = True


def refusals(live: Object, body: Object, found: Sequence[Owner], rules: Rules) -> tuple[Refusal, ...]:
    """Find the tools that deploy an object and may not be taken over."""
    mark = mark_of(live, body)
    words: dict[str, list[str]] = {}
    if mark is not None:
        words[mark.word] = []
    for each in found:
        if each.sort is Sort.TOOL or (each.sort is Sort.PERSON and count_covered(each.fields, body)):
            words.setdefault(each.word, []).append(each.holder.manager)
    return tuple(
        Refusal(word=word, sentence=f"is deployed by {_who(word, managers, mark)}")
        for word, managers in words.items()
        if not rules.allow(word)
    )


def adopted(live: Object, body: Object, found: Sequence[Owner]) -> tuple[str, ...]:
    """Say whom an object is taken over from."""
    mark = mark_of(live, body)
    makers = [*holding(found, Sort.TOOL), *holding(found, Sort.PERSON)]
    managers = dict.fromkeys(each.holder.manager for each in makers)
    if not managers and mark is None:
        return ("adopted: it existed without Pushboat",)
    return (f"adopted from {_who(mark.word if mark else KUBECTL, list(managers), mark)}",)


def refuse(environment: str, adopt: Sequence[str], refused: Iterable[tuple[Manifest, Refusal]]) -> None:
    """Raise one error about everything that is not ours to take; the advice first.

    Raises:
        ApplyRejected: there is something.
    """
    found = list(refused)
    if not found:
        return
    missing = sorted({each.word for _, each in found})
    line = f"`adopt: [{', '.join(dict.fromkeys((*adopt, *missing)))}]`"
    where = f"environment {environment} in pushboat.yaml" if environment else "the environment in pushboat.yaml"
    advice = f"add {line} to {where}"
    if not any(each.whole for _, each in found):
        advice = f"remove the field from git, or {advice}"
    sentences = [f"{manifest.place}: {manifest.ref}: {each.sentence}" for manifest, each in found]
    more = f" (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
    details = "\n".join(f"- {sentence}" for sentence in sentences)
    raise ApplyRejected(
        f"{advice} — {sentences[0]}{more}",
        f"{advice[0].upper()}{advice[1:]}, so that these may be taken over:\n\n{details}",
    )


def _who(word: str, managers: Sequence[str], mark: Mark | None) -> str:
    names = listed(list(dict.fromkeys(managers))[:MOST_TOLD])
    owner = f" ({mark.owner})" if mark is not None and mark.word == word else ""
    return f"{names or word}{owner}"
