"""Decide what to do from what is wanted and what is there: pure, so that every rule can be read and tested alone."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from pushboat.errors import ApplyRejected, ClusterRefused, PruneFailed
from pushboat.model.changeset import Action, ChangeSet
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.inventory import done
from workers.cluster.objects import APPLIED, annotations
from workers.cluster.planning.adopting import Refusal, refuse
from workers.cluster.planning.fitting import Wishes, fit, notes_of, wish
from workers.cluster.planning.guard import guard
from workers.cluster.planning.intending import intent
from workers.cluster.planning.leaving import leaving
from workers.cluster.planning.order import place_of, stage_of
from workers.cluster.planning.rules import Rules
from workers.cluster.planning.scaling import scaler_of, targets
from workers.cluster.planning.sharing import NOBODY, Sharing, handed_over
from workers.cluster.planning.words import Alone, Plan, Step
from workers.cluster.reading.live import Live

Show = Callable[[ChangeSet], object]


def make_plan(
    manifests: Sequence[Manifest],
    live: Live,
    rules: Rules | None = None,
    *,
    prune: bool = True,
    prune_many: bool = False,
    sharing: Sharing = NOBODY,
    release: int = 0,
    apart: Collection[Ref] = (),
    alone: Sequence[Alone] = (),
    show: Show | None = None,
) -> Plan:
    """Plan how to bring the cluster to these manifests; `release` is the one that they are stored with, in a rollback.

    `apart` are hooks, which are no part of it and no leftovers; no more is what is left `alone`, which it names.
    Where something is refused, `show` is told of all objects first.

    Raises:
        ApplyRejected: an object belongs to somebody else.
        ClusterRefused: a namespace is missing and we may not create it.
        PruneFailed: more than half of a larger inventory would go, and nobody said that this is meant (`prune_many`).
    """
    _refuse_missing_namespaces(manifests, live)
    rules = rules or Rules()
    theirs: dict[Ref, ApplyRejected] = {}
    fitted = list(_fitted(_wishes(manifests, live, rules), live, sharing, theirs))
    steps = [step for step, _ in fitted]
    stages: dict[int, list[Step]] = {}
    for step in sorted(steps, key=lambda step: (place_of(step.manifest.ref), step.manifest.ref)):
        stages.setdefault(stage_of(step.manifest.ref), []).append(step)
    wanted = {*(manifest.ref for manifest in manifests), *apart, *(each.ref for each in alone)}
    plan = Plan(
        inventory=live.inventory,
        stages=tuple(tuple(stages[number]) for number in sorted(stages)),
        stale=tuple(leaving(wanted, live, sharing, prune=prune, consent=prune_many)),
        alone=tuple(alone),
        missing_namespaces=live.missing_namespaces,
        ending_namespaces=live.ending_namespaces,
    )
    tell = show or _nobody_looks
    _refuse(plan, rules, fitted, theirs, tell)
    if not prune_many:
        _guard(plan, live, release, tell)
    return plan


def _fitted(
    wishes: Iterable[Wishes], live: Live, sharing: Sharing, theirs: dict[Ref, ApplyRejected]
) -> Iterator[tuple[Step, tuple[Refusal, ...]]]:
    """Make each object's step; those that are somebody else's as a whole are put among `theirs`."""
    for each in wishes:
        try:
            yield _step(each, live, sharing)
        except ApplyRejected as refused:
            theirs[each.manifest.ref] = refused


def _refuse(
    plan: Plan,
    rules: Rules,
    fitted: Sequence[tuple[Step, tuple[Refusal, ...]]],
    theirs: Mapping[Ref, ApplyRejected],
    show: Show,
) -> None:
    """Refuse what is not ours to write, after all objects were shown."""
    why = {ref: refused.summary for ref, refused in theirs.items()}
    why |= {step.manifest.ref: "; ".join(each.sentence for each in refused) for step, refused in fitted if refused}
    if why:
        show(plan.refused(why))
    if theirs:
        raise next(iter(theirs.values()))
    refuse(rules.environment, rules.adopt, ((step.manifest, each) for step, refused in fitted for each in refused))


def _guard(plan: Plan, live: Live, release: int, show: Show) -> None:
    try:
        guard(plan, live.members, release)
    except PruneFailed as refused:
        show(plan.refused({each.ref: refused.summary for each in plan.to_prune}))
        raise


def _step(wishes: Wishes, live: Live, sharing: Sharing) -> tuple[Step, tuple[Refusal, ...]]:
    manifest = wishes.manifest
    notes = notes_of(manifest)
    there = live.find(manifest.ref)
    if there is None:
        is_over = done(manifest.ref, annotations(wishes.body)[APPLIED]) in live.inventory.recorded.ended
        made = Step(
            manifest=manifest,
            wishes=wishes,
            action=Action.UNCHANGED if is_over else Action.CREATED,
            body=wishes.new,
            going=None if is_over else live.going.get(manifest.ref),
            notes=("has ended and removed itself", *notes) if is_over else notes,
            intent=intent(wishes, Action.UNCHANGED if is_over else Action.CREATED, wishes.body, None),
        )
        return made, ()
    from_whom = handed_over(manifest, there, live, sharing)
    ours = manifest.ref in live.members
    fitted = fit(wishes, there, ours=ours or bool(from_whom))
    same = ours and annotations(there).get(APPLIED) == annotations(wishes.body)[APPLIED]
    notes = (from_whom, *notes) if from_whom else notes
    if same and fitted.drifted:
        notes = ("brought back: it was changed in the cluster", *notes)
    unchanged = same and not fitted.drifted
    action = Action.UNCHANGED if unchanged else Action.CONFIGURED
    step = Step(
        manifest=manifest,
        wishes=wishes,
        action=action,
        body=fitted.body if unchanged else wishes.sent(fitted.body),
        live=there,
        books=fitted.books,
        notes=(*notes, *fitted.notes),
        left=fitted.left,
        intent=intent(wishes, action, fitted.body, there),
    )
    return step, fitted.refused


def _wishes(manifests: Sequence[Manifest], live: Live, rules: Rules) -> Iterator[Wishes]:
    counted = targets(manifests, live)
    for manifest in manifests:
        yield wish(manifest, live.inventory.parent.id, rules, scaler_of(manifest, counted))


def _refuse_missing_namespaces(manifests: Iterable[Manifest], live: Live) -> None:
    if live.create_namespaces:
        return
    declared_here = {each.ref.name for each in manifests if (each.ref.group, each.ref.kind) == ("", "Namespace")}
    if missing := sorted(live.missing_namespaces - declared_here):
        is_there = "is being deleted" if missing[0] in live.ending_namespaces else "does not exist"
        raise ClusterRefused(
            f"namespace {missing[0]} {is_there}: the operator must create it or set create_namespaces: true"
        )


def _nobody_looks(_changes: ChangeSet) -> None:
    """Show nothing: a deployment that is refused has changed nothing."""
