"""Ask the API server what a plan would do, without writing: defaults and admission included."""

from collections.abc import Iterator
from dataclasses import replace

from pushboat.model.changeset import Action, Change, ChangeSet
from workers.cluster.client.connection import Cluster
from workers.cluster.client.together import together
from workers.cluster.objects import held_by
from workers.cluster.planning.diff import diff
from workers.cluster.planning.needing import brought
from workers.cluster.planning.words import Plan, Stale, Step
from workers.cluster.writing.patching import send


def dry_run(cluster: Cluster, plan: Plan) -> ChangeSet:
    """Find out what would change, with a diff per object.

    Raises:
        ApplyRejected: the API server would refuse objects; names all of them.
    """
    tried = together(cluster.pool, plan.steps, lambda step: _tried(cluster, plan, step))
    return ChangeSet((*tried, *(each.change for each in plan.alone), *_pruned(plan.stale)))


def _tried(cluster: Cluster, plan: Plan, step: Step) -> Change:
    if step.action is Action.UNCHANGED:
        return step.change
    if why := _cannot_be_tried(cluster, plan, step):
        return replace(step.change, diff=diff(step.manifest.ref, None, step.body), notes=(*step.notes, why))
    patched = send(cluster, step, fence=0, may_write=_nothing_is_written, dry_run=True)
    shown = patched.after if patched.before else step.body
    return replace(
        step.change,
        action=patched.action,
        diff=diff(step.manifest.ref, patched.before, shown),
        notes=patched.notes,
        left=patched.left,
    )


def _cannot_be_tried(cluster: Cluster, plan: Plan, step: Step) -> str:
    ref = step.manifest.ref
    if step.going is not None:
        return f"would be created, not tried: the one of before is {held_by(step.going)}"
    if ref.namespace in plan.missing_namespaces:
        return f"would be created, not tried: namespace {ref.namespace} does not exist yet"
    if cluster.kinds.find(ref.group, step.manifest.version, ref.kind) is None:
        arrives = step.wishes.said.may_be_unknown
        whose = "may come into being on the way" if arrives else "is defined by a CRD of the same revision"
        return f"would be created, not tried: {ref.kind} {whose}"
    if (ref.group, ref.kind) in _defined_anew(plan):
        return f"not tried: the CRD of {ref.kind} changes in the same revision"
    if needed := brought(plan, step):
        return f"not tried: {needed} comes in the same revision"
    return ""


def _defined_anew(plan: Plan) -> set[tuple[str, str]]:
    """Name the kinds whose definition the plan itself changes: the cluster still has yesterday's."""
    specs = [
        step.body.get("spec") or {}
        for step in plan.steps
        if step.manifest.ref.kind == "CustomResourceDefinition" and step.action is not Action.UNCHANGED
    ]
    return {(str(spec.get("group")), str((spec.get("names") or {}).get("kind"))) for spec in specs}


def _pruned(stale: tuple[Stale, ...]) -> Iterator[Change]:
    for each in stale:
        if each.kept:
            yield Change(
                ref=each.ref, action=Action.UNCHANGED, notes=(f"no longer in the repository, kept: {each.kept}",)
            )
        else:
            yield Change(ref=each.ref, action=Action.DELETED)


def _nothing_is_written() -> None:
    """Let every request pass: a dry run needs no lease."""
