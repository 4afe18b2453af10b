"""Decide what to do from what is wanted and what is there: pure, so that every rule can be read and tested alone."""

from collections.abc import Iterable, Sequence

from pushboat.errors import ClusterRefused
from pushboat.model.changeset import Action
from pushboat.model.manifest import Manifest
from workers.cluster.objects import APPLIED, Object, annotations, declared, digest, marked
from workers.cluster.planning.guard import guard
from workers.cluster.planning.leaving import leaving
from workers.cluster.planning.managers import Decision, Holder, Path, decide, dotted, lost_fields, without
from workers.cluster.planning.order import stage_of
from workers.cluster.planning.sharing import NOBODY, Sharing, handed_over
from workers.cluster.planning.words import Plan, Step
from workers.cluster.reading.live import Live


def make_plan(
    manifests: Sequence[Manifest],
    live: Live,
    *,
    prune: bool = True,
    prune_many: bool = False,
    sharing: Sharing = NOBODY,
) -> Plan:
    """Plan how to bring the cluster to these manifests.

    Raises:
        ApplyRejected: an object belongs to somebody else.
        ClusterRefused: a namespace is missing and we may not create it.
        PruneFailed: more than half of a larger inventory would go, and nobody said that this is meant (`prune_many`).
    """
    _refuse_missing_namespaces(manifests, live)
    steps = [_step(manifest, live, sharing) for manifest in manifests]
    stages: dict[int, list[Step]] = {}
    for step in sorted(steps, key=lambda step: (stage_of(step.manifest.ref), step.manifest.ref)):
        stages.setdefault(stage_of(step.manifest.ref), []).append(step)
    wanted = {manifest.ref for manifest in manifests}
    plan = Plan(
        inventory=live.inventory,
        stages=tuple(tuple(stages[number]) for number in sorted(stages)),
        stale=tuple(leaving(wanted, live, sharing, prune=prune, consent=prune_many)),
        missing_namespaces=live.missing_namespaces,
        ending_namespaces=live.ending_namespaces,
    )
    if not prune_many:
        guard(plan, live.members)
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


def _step(manifest: Manifest, live: Live, sharing: Sharing) -> Step:
    wanted = marked(declared(manifest), live.inventory.parent.id)
    there = live.find(manifest.ref)
    if there is None:
        return Step(manifest=manifest, action=Action.CREATED, body=wanted, going=live.going.get(manifest.ref))
    from_whom = handed_over(manifest, there, live, sharing)
    body, notes, drifted = keep_what_is_held(wanted, there)
    if manifest.ref not in live.members:
        notes = (from_whom or "adopted: it existed without Pushboat", *notes)
        return Step(manifest=manifest, action=Action.CONFIGURED, body=body, live=there, notes=notes)
    same = annotations(there).get(APPLIED) == digest(declared(manifest))
    if same and drifted:
        notes = ("brought back: it was changed in the cluster", *notes)
    action = Action.UNCHANGED if same and not drifted else Action.CONFIGURED
    return Step(manifest=manifest, action=action, body=body, live=there, notes=notes)


def _refuse_missing_namespaces(manifests: Iterable[Manifest], live: Live) -> None:
    if live.create_namespaces:
        return
    declared_here = {each.ref.name for each in manifests if (each.ref.group, each.ref.kind) == ("", "Namespace")}
    if missing := sorted(live.missing_namespaces - declared_here):
        is_there = "is being deleted" if missing[0] in live.ending_namespaces else "does not exist"
        raise ClusterRefused(
            f"namespace {missing[0]} {is_there}: the operator must create it or set create_namespaces: true"
        )
