"""A plan in its waves: what is written at once, what must run beside it, and what is waited for before the next one.

Most pushes have one wave and no hooks; then it is the plan itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from pushboat.model.manifest import Manifest
from workers.cluster.hooks.words import Run, run_of
from workers.cluster.planning.words import Plan
from workers.manifests.directives.expecting import Need, needs_of
from workers.manifests.directives.waves import Arrangement, Wave
from workers.manifests.directives.words import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One wave of a deployment: `plan` has its objects, `awaited` are those whose health the next one waits for.

    At the end of a phase those are the ones of all waves so far: what came up first may have failed meanwhile.
    `needs` must be there before it begins, and come from elsewhere. `name` says which it is, and `behind` what comes
    after it; empty where there is only one, or nothing. `ends_phase`: the next one is of another phase, and what ran as
    hooks in this one is used no more.
    """

    plan: Plan
    awaited: tuple[Manifest, ...] = ()
    hooks: tuple[Run, ...] = ()
    needs: tuple[Need, ...] = ()
    phase: Phase = Phase.SYNC
    name: str = ""
    behind: str = ""
    ends_phase: bool = True

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """List all that it brings, hooks and objects."""
        return (*(run.manifest for run in self.hooks), *(step.manifest for step in self.plan.steps))

    @property
    def first(self) -> str:
        """Name the first of its objects, or of its hooks, and count the others."""
        refs = [*(run.ref for run in self.hooks), *(step.manifest.ref for step in self.plan.steps)]
        refs += [need.manifest.ref for need in self.needs if need.manifest.ref not in refs]
        more = f" and {len(refs) - 1} more" if len(refs) > 1 else ""
        return f"{refs[0]}{more}" if refs else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A deployment's waves in order, the hooks that run only if one of them fails, and those that `never` run here."""

    waves: tuple[Part, ...]
    on_failure: tuple[Run, ...] = ()
    never: tuple[Manifest, ...] = ()

    @property
    def runs(self) -> tuple[Run, ...]:
        """List the hooks of all waves."""
        return tuple(run for part in self.waves for run in part.hooks)

    @property
    def number_of_hooks(self) -> int:
        """Count them without the Jobs that verify."""
        return sum(run.is_hook for run in self.runs)

    def of(self, phase: Phase) -> tuple[Run, ...]:
        """List the hooks of one phase."""
        return tuple(run for run in self.runs if run.phase is phase)


def parts_of(plan: Plan, arranged: Arrangement, run: str, *, with_hooks: bool) -> Parts:
    """Take a plan apart along its waves; `run` names this deployment in what its hooks make."""
    waves = [each for each in arranged.waves if each.phase is not Phase.ON_FAILURE]
    failing = [each for each in arranged.waves if each.phase is Phase.ON_FAILURE]
    part_of = plan.inventory.parent.id
    found = [_part(plan, each, run, part_of, with_hooks=with_hooks) for each in waves]
    kept = [each for each in found if each.plan.stages or each.hooks or each.needs] or [Part(plan=plan)]
    several = len(kept) > 1
    ends = [each.phase is not after.phase for each, after in pairwise(kept)]
    names = [f"wave {number} of {len(kept)}" if several else "" for number in range(1, len(kept) + 1)]
    behind = [*(f"{name} ({each.first})" for name, each in zip(names[1:], kept[1:], strict=True)), ""]
    named = [
        replace(each, name=name, behind=then, ends_phase=last)
        for each, name, then, last in zip(kept, names, behind, [*ends, True], strict=True)
    ]
    runs = (one for each in failing for one in _runs(each, run, part_of)) if with_hooks else ()
    never = (each.manifest for each in arranged.idle if each.directives.is_hook and not each.directives.hooks)
    return Parts(waves=tuple(_awaited_again(named)), on_failure=tuple(runs), never=tuple(never))


def _awaited_again(parts: Iterable[Part]) -> Iterator[Part]:
    """Let the last wave of a phase wait for all so far."""
    so_far: list[Manifest] = []
    for part in parts:
        so_far += part.awaited
        yield replace(part, awaited=tuple(so_far)) if part.ends_phase else part


def _part(plan: Plan, wave: Wave, run: str, part_of: str, *, with_hooks: bool) -> Part:
    objects = [each for each in wave.members if not each.directives.is_hook]
    refs = {each.manifest.ref for each in objects}
    unseen = plan.over | {each.ref for each in plan.alone if not each.awaited}
    stages = (tuple(step for step in stage if step.manifest.ref in refs) for stage in plan.stages)
    return Part(
        plan=replace(plan, stages=tuple(stage for stage in stages if stage)),
        awaited=tuple(each.manifest for each in objects if each.directives.waited and each.manifest.ref not in unseen),
        hooks=tuple(_runs(wave, run, part_of)) if with_hooks else (),
        needs=needs_of(wave.members),
        phase=wave.phase,
    )


def _runs(wave: Wave, run: str, part_of: str) -> Iterator[Run]:
    for each in wave.members:
        if each.directives.is_hook:
            yield run_of(each, wave.phase, run, part_of)
