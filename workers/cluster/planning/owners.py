"""How the writers of one object stand to us: whose entries we may take in, whose we respect, who deployed it before.

A tool is known by its name or by the marks that it leaves on objects. A name that nobody knows belongs to a controller,
unless it holds most of what the manifest declares: then it deployed the object, whatever it is called.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workers.cluster.fieldsets import Entry, Fields, count_covered, entries_of, joined
from workers.cluster.objects import Object, annotations, labels
from workers.cluster.planning.managers import (
    ANY,
    ARGOCD,
    FLUX,
    HELM,
    OURS,
    Holder,
    Sort,
    holder_of,
    is_system,
    writer,
)
from workers.cluster.planning.rules import Rules

APPLY = "Apply"
_WE = Holder(OURS)
_RELEASE = "meta.helm.sh/release-name"
_MARKS = (
    (HELM, _RELEASE, "release"),
    (ARGOCD, "argocd.argoproj.io/tracking-id", "application"),
    (FLUX, "helm.toolkit.fluxcd.io/name", "HelmRelease"),
    (FLUX, "kustomize.toolkit.fluxcd.io/name", "Kustomization"),
)
"""Labels and annotations that a tool puts on what it deploys, and what their value names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """One entry of an object's books: who wrote it, and by which word in `adopt` it may be taken over."""

    holder: Holder
    sort: Sort
    word: str
    entry: Entry = field(repr=False)

    @property
    def fields(self) -> Fields:
        """Give what it holds."""
        fields: Fields = self.entry["fieldsV1"]
        return fields

    @property
    def is_our_apply(self) -> bool:
        """Say whether this is the entry of our own applies."""
        return self.holder == _WE and self.entry.get("operation") == APPLY


@dataclass(frozen=True, slots=True)
class Mark:
    """What a tool's label or annotation says: the tool's word, and what it deploys the object for."""

    word: str
    owner: str


def owners_of(live: Object, body: Object, rules: Rules, *, ours: bool) -> tuple[Owner, ...]:
    """Read an object's books; `ours` says that it is in our inventory already."""
    return tuple(_owner(entry, live, body, rules, ours=ours) for entry in entries_of(live))


def mark_of(live: Object, body: Mapping[str, Any]) -> Mark | None:
    """Find the mark of a tool on an object; marks that the manifest itself declares say nothing."""
    for word, key, noun in _MARKS:
        for there, declared in ((annotations(live), annotations(body)), (labels(live), labels(body))):
            if key in there and key not in declared:
                return Mark(word, f"{noun} {there[key].partition(':')[0]}")
    return None


def may_be_taken(owner: Owner, rules: Rules) -> bool:
    """Say whether what somebody holds may become ours: people's changes, and those of tools that the operator names."""
    if owner.sort is Sort.TOOL:
        return rules.allow(owner.word)
    return owner.sort in (Sort.PERSON, Sort.OURS)


def holding(found: Sequence[Owner], test: Sort) -> tuple[Owner, ...]:
    """Pick those of one sort."""
    return tuple(each for each in found if each.sort is test)


def _owner(entry: Entry, live: Object, body: Object, rules: Rules, *, ours: bool) -> Owner:
    holder = holder_of(entry)
    known = writer(holder.manager, rules.people)
    sort, word = known.sort, known.word
    if sort is Sort.CONTROLLER and not holder.subresource and not is_system(holder.manager):
        applied = entry.get("operation") == APPLY
        if (applied or not ours) and _holds_most(entry, live, body):
            mark = mark_of(live, body)
            sort, word = Sort.TOOL, mark.word if mark else ANY
    return Owner(holder=holder, sort=sort, word=word, entry=entry)


def _holds_most(entry: Entry, live: Object, body: Object) -> bool:
    covered = count_covered(entry["fieldsV1"], body)
    return covered > 0 and covered * 2 >= count_covered(joined([each["fieldsV1"] for each in entries_of(live)]), body)
