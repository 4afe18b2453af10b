"""Decide what to do from what is wanted and what is there: pure, so that every rule can be read and tested alone."""

from collections.abc import Iterable, Sequence

from pushboat.errors import ApplyRejected, ClusterRefused, PruneFailed
from pushboat.model.changeset import Action
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.inventory import ID
from workers.cluster.objects import APPLIED, PART_OF, Object, annotations, declared, digest, labels, marked
from workers.cluster.planning.managers import Decision, Holder, Path, decide, dotted, lost_fields, without
from workers.cluster.planning.order import NEVER_PRUNED, stage_of
from workers.cluster.planning.words import Plan, Stale, Step
from workers.cluster.reading.live import Live

SMALLEST_GUARDED = 4
"""An inventory below this may lose everything without a question: renaming two of three objects is daily work."""


def make_plan(manifests: Sequence[Manifest], live: Live, *, prune: bool = True, prune_many: bool = False) -> Plan:
    """Plan how to bring the cluster to these manifests.

    Raises:
        ApplyRejected: an object belongs to somebody else.
        ClusterRefused: a namespace is missing and we may not create it.
        PruneFailed: more than half of a larger inventory would go, and nobody said that this is meant (`prune_many`).
    """
    _refuse_missing_namespaces(manifests, live)
    steps = [_step(manifest, live) for manifest in manifests]
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


def keep_what_is_held(body: Object, live: Object) -> tuple[Object, tuple[str, ...], bool]:
    """Drop the fields that a controller holds; say so, and whether any other declared field is no longer ours."""
    drifted = False
    left: list[tuple[Path, Holder]] = []
    for path, holders in lost_fields(body, live):
        keeper = next((holder for holder in holders if decide(holder, dotted(path)) is Decision.LEAVE), None)
        if keeper is None:
            drifted = True
        else:
            left.append((path, keeper))
    notes = []
    for path, keeper in reversed(left):  # the last item of a list first, so that the other paths stay true
        body = without(body, path)
        notes.append(f"{dotted(path).lstrip('.')} is left to {keeper}")
    return body, tuple(notes), drifted


def _step(manifest: Manifest, live: Live) -> Step:
    wanted = marked(declared(manifest), live.inventory.parent.id)
    there = live.find(manifest.ref)
    if there is None:
        return Step(manifest=manifest, action=Action.CREATED, body=wanted)
    _refuse_foreign(manifest, there, live.inventory.parent.id)
    body, notes, drifted = keep_what_is_held(wanted, there)
    if manifest.ref not in live.members:
        notes = ("adopted: it existed without Pushboat", *notes)
        return Step(manifest=manifest, action=Action.CONFIGURED, body=body, live=there, notes=notes)
    same = annotations(there).get(APPLIED) == digest(declared(manifest))
    if same and drifted:
        notes = ("brought back: it was changed in the cluster", *notes)
    action = Action.UNCHANGED if same and not drifted else Action.CONFIGURED
    return Step(manifest=manifest, action=action, body=body, live=there, notes=notes)


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
