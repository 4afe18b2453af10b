"""Decide what to do from what is wanted and what is there: pure, so that every rule can be read and tested alone."""

from collections.abc import Iterable, Iterator, Sequence

from pushboat.errors import ApplyRejected, ClusterRefused, PruneFailed
from pushboat.model.changeset import Action
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.inventory import ID
from workers.cluster.objects import APPLIED, PART_OF, Object, annotations, labels
from workers.cluster.planning.adopting import Refusal, refuse
from workers.cluster.planning.fitting import Wishes, fit, notes_of, wish
from workers.cluster.planning.order import NEVER_PRUNED, stage_of
from workers.cluster.planning.rules import Rules
from workers.cluster.planning.scaling import scaler_of, targets
from workers.cluster.planning.words import Plan, Stale, Step
from workers.cluster.reading.live import Live

SMALLEST_GUARDED = 4
"""An inventory below this may lose everything without a question: renaming two of three objects is daily work."""


def make_plan(
    manifests: Sequence[Manifest],
    live: Live,
    rules: Rules | None = None,
    *,
    prune: bool = True,
    prune_many: bool = False,
) -> Plan:
    """Plan how to bring the cluster to these manifests.

    Raises:
        ApplyRejected: an object belongs to somebody else.
        ClusterRefused: a namespace is missing and we may not create it.
        PruneFailed: more than half of a larger inventory would go, and nobody said that this is meant (`prune_many`).
    """
    _refuse_missing_namespaces(manifests, live)
    rules = rules or Rules()
    fitted = [_step(each, live) for each in _wishes(manifests, live, rules)]
    steps = [step for step, _ in fitted]
    refuse(rules.environment, rules.adopt, ((step.manifest, each) for step, refused in fitted for each in refused))
    stages: dict[int, list[Step]] = {}
    for step in sorted(steps, key=lambda step: (stage_of(step.manifest.ref), step.manifest.ref)):
        stages.setdefault(stage_of(step.manifest.ref), []).append(step)
    stale = tuple(_stale({manifest.ref for manifest in manifests}, live, prune=prune))
    plan = Plan(
        inventory=live.inventory,
        stages=tuple(tuple(stages[number]) for number in sorted(stages)),
        stale=stale,
        missing_namespaces=live.missing_namespaces,
    )
    if not prune_many:
        _guard(plan, len(live.members))
    return plan


def _step(wishes: Wishes, live: Live) -> tuple[Step, tuple[Refusal, ...]]:
    manifest = wishes.manifest
    notes = notes_of(manifest)
    there = live.find(manifest.ref)
    if there is None:
        made = Step(manifest=manifest, wishes=wishes, action=Action.CREATED, body=wishes.sent(wishes.body), notes=notes)
        return made, ()
    _refuse_foreign(manifest, there, live.inventory.parent.id)
    ours = manifest.ref in live.members
    fitted = fit(wishes, there, ours=ours)
    same = ours and annotations(there).get(APPLIED) == annotations(wishes.body)[APPLIED]
    if same and fitted.drifted:
        notes = ("brought back: it was changed in the cluster", *notes)
    unchanged = same and not fitted.drifted
    step = Step(
        manifest=manifest,
        wishes=wishes,
        action=Action.UNCHANGED if unchanged else Action.CONFIGURED,
        body=fitted.body if unchanged else wishes.sent(fitted.body),
        live=there,
        books=fitted.books,
        notes=(*notes, *fitted.notes),
        left=fitted.left,
    )
    return step, fitted.refused


def _wishes(manifests: Sequence[Manifest], live: Live, rules: Rules) -> Iterator[Wishes]:
    counted = targets(manifests, live)
    for manifest in manifests:
        yield wish(manifest, live.inventory.parent.id, rules, scaler_of(manifest, counted))


def _refuse_foreign(manifest: Manifest, there: Object, ours: str) -> None:
    owner = labels(there).get(PART_OF, ours)
    if owner != ours:
        raise ApplyRejected(
            f"{manifest.place}: {manifest.ref} belongs to another inventory ({owner}): "
            "rename it here, or remove it there first"
        )
    if ID in labels(there):
        raise ApplyRejected(f"{manifest.place}: {manifest.ref} is an inventory itself: give this object another name")


def _refuse_missing_namespaces(manifests: Iterable[Manifest], live: Live) -> None:
    if live.create_namespaces:
        return
    declared_here = {each.ref.name for each in manifests if (each.ref.group, each.ref.kind) == ("", "Namespace")}
    if missing := sorted(live.missing_namespaces - declared_here):
        raise ClusterRefused(
            f"namespace {missing[0]} does not exist: the operator must create it or set create_namespaces: true"
        )


def _stale(wanted: set[Ref], live: Live, *, prune: bool) -> Iterable[Stale]:
    for ref, there in sorted(live.members.items()):
        if ref not in wanted:
            kept = NEVER_PRUNED.get(ref.kind, "") if prune else "prune is off for this environment"
            yield Stale(ref=ref, live=there, kept=kept)


def _guard(plan: Plan, members: int) -> None:
    going = len(plan.to_prune)
    if members >= SMALLEST_GUARDED and going * 2 > members:
        names = "\n".join(f"- {each.ref}" for each in plan.to_prune)
        raise PruneFailed(
            f"refusing to delete {going} of {members} objects at once: remove them in smaller steps if it is meant",
            f"These objects are no longer in the repository:\n\n{names}",
        )
