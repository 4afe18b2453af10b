"""Ask the API server what a plan would do, without writing: defaults, admission and every refusal included."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from pushboat.model.changeset import Action, Change, ChangeSet
from workers.cluster.client.connection import Cluster
from workers.cluster.client.lines import nothing_to_ask
from workers.cluster.client.refusals import Answered
from workers.cluster.client.together import Refusal, summed_up, together
from workers.cluster.objects import Object, held_by
from workers.cluster.planning.diff import compare, lacking
from workers.cluster.planning.needing import brought, excused
from workers.cluster.planning.warnings.words import Prospect
from workers.cluster.planning.words import Plan, Stale, Step
from workers.cluster.writing.foreseeing import foresee
from workers.cluster.writing.knowing import unheard
from workers.cluster.writing.patching import send


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of trying one object: what it would be, or why it was refused."""

    step: Step
    change: Change
    after: Object | None = None
    tried: bool = True
    refusal: Refusal | None = None

    @property
    def prospect(self) -> Prospect:
        """Say it as the rules of warnings want it."""
        return Prospect(
            ref=self.step.manifest.ref,
            action=self.change.action,
            before=self.step.live,
            after=self.after,
            fields=self.change.fields,
            tried=self.tried,
        )


def dry_run(
    cluster: Cluster,
    plan: Plan,
    show: Callable[[ChangeSet], object] = lambda _changes: None,
    say: Callable[[str], None] = unheard,
    go_on: Callable[[], None] = nothing_to_ask,
) -> ChangeSet:
    """Find out what would change, with fields, diff and warnings; `show` is told also where something is refused.

    `say` hears of a wait for the API server, and `go_on` is asked before each object and in such a wait.

    Raises:
        ApplyRejected, ClusterRefused: the API server would refuse objects; names all of them.
    """
    trials = together(cluster.pool, plan.steps, lambda step: _tried(cluster, plan, step, say, go_on))
    leaving = [Prospect(ref=each.ref, action=Action.DELETED, before=each.live) for each in plan.to_prune]
    warnings = foresee(cluster, [*(each.prospect for each in trials), *leaving])
    changes = ChangeSet(
        tuple(
            replace(each, warnings=(*each.warnings, *warnings.get(each.ref, ())))
            for each in (
                *(trial.change for trial in trials),
                *(each.change for each in plan.alone),
                *_pruned(plan.stale),
            )
        )
    )
    show(changes)
    if refusals := [each.refusal for each in trials if each.refusal is not None]:
        raise summed_up(refusals)
    return changes


def _tried(cluster: Cluster, plan: Plan, step: Step, say: Callable[[str], None], go_on: Callable[[], None]) -> Trial:
    if step.action is Action.UNCHANGED:
        return Trial(step=step, change=step.change, after=step.live)
    if why := _cannot_be_tried(cluster, plan, step):
        return _untried(step, why)
    try:
        patched = send(cluster, step, fence=0, may_write=go_on, say=say, dry_run=True)
    except (ApplyRejected, ClusterRefused, ClusterUnavailable) as refused:
        if why := excused(plan, step, _words(refused)):
            return _untried(step, f"not tried: {why}")
        if isinstance(refused, ClusterUnavailable):
            raise
        change = replace(_untried(step, "").change, action=Action.REFUSED, why=refused.summary, notes=step.notes)
        return Trial(step=step, change=change, after=step.body, refusal=refused)
    return Trial(step=step, change=patched.change(step), after=patched.after)


def _untried(step: Step, why: str) -> Trial:
    """Show what the manifest alone says, which is all that is known."""
    ref, tokens = step.manifest.ref, step.wishes.rules.tokens
    change = replace(step.change, notes=(*step.notes, why))
    if step.live is None:
        change = replace(change, diff=compare(ref, None, step.body, tokens).text)
    else:
        change = replace(change, fields=lacking(step.live, step.body, tokens))
    return Trial(step=step, change=change, after=step.body, tried=False)


def _words(refused: Refusal | ClusterUnavailable) -> str:
    """Read an answer whole, where one was shortened for people."""
    cause = refused.__cause__
    return cause.whole if isinstance(cause, Answered) else refused.summary


def _cannot_be_tried(cluster: Cluster, plan: Plan, step: Step) -> str:
    ref = step.manifest.ref
    if step.going is not None:
        return f"would be created, not tried: the one of before is {held_by(step.going)}"
    if ref.namespace in plan.missing_namespaces:
        return f"would be created, not tried: namespace {ref.namespace} does not exist yet"
    if cluster.kinds.find(ref.group, step.manifest.version, ref.kind) is None:
        by_whom = "a CRD of" if (ref.group, ref.kind) in _defined_anew(plan) else "what comes with"
        whose = f"is defined by {by_whom} the same revision"
        if step.wishes.said.may_be_unknown:
            whose = "may come into being on the way"
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
