"""What a deployment will do in which order, in sentences: waves, hooks, and what is waited for from elsewhere."""

from collections.abc import Iterator, Sequence

from pushboat.model.manifest import Manifest, Ref
from pushboat.model.wording import counted
from workers.cluster.hooks.words import Run
from workers.deploying.summaries import objects
from workers.deploying.waves import Part, Parts
from workers.manifests.directives.reading import hook_key
from workers.manifests.directives.telling import PHASES
from workers.manifests.directives.words import Phase

MOST_NAMED = 3
"""Objects of one wave; the changes beside them name all."""
MOST_WAVES = 50


def itinerary(parts: Parts) -> tuple[str, ...]:
    """List what comes after what, and which hooks are not run at all; nothing where all is written at once and nothing
    runs beside it."""
    return (*_in_order(parts), *_never(parts.never))


def content(part: Part) -> str:
    """Say what a wave brings; empty where it only waits."""
    return "; ".join(_content(part))


def _never(hooks: Sequence[Manifest]) -> Iterator[str]:
    if hooks:
        named = [f"{each.ref} ({hook_key(each.body)})" for each in hooks[:MOST_NAMED]]
        more = " …" if len(hooks) > MOST_NAMED else ""
        yield f"{counted(len(hooks), 'hook')} not run by deployments: {', '.join(named)}{more}"


def _in_order(parts: Parts) -> tuple[str, ...]:
    if len(parts.waves) == 1 and not (parts.runs or parts.on_failure or parts.waves[0].needs):
        return ()
    lines = [_line(part) for part in parts.waves[:MOST_WAVES]]
    if len(parts.waves) > MOST_WAVES:
        lines.append(f"and {len(parts.waves) - MOST_WAVES} more waves")
    return (*lines, *([f"if it fails: {_hooks(parts.on_failure)}"] if parts.on_failure else []))


def _line(part: Part) -> str:
    where = part.name if part.phase is Phase.SYNC else f"{part.name or 'first'}, {PHASES[part.phase]}"
    begins = [f"once there is {need.sentence}" for need in part.needs]
    return f"{where or 'all at once'}: {'; '.join([*begins, *_content(part)])}"


def _content(part: Part) -> Iterator[str]:
    if refs := [step.manifest.ref for step in part.plan.steps]:
        yield f"{objects(len(refs))} ({_named(refs)})"
    if part.hooks:
        yield _hooks(part.hooks)


def _hooks(runs: Sequence[Run]) -> str:
    return ", ".join(f"{run.called} {run.ref}" for run in runs)


def _named(refs: Sequence[Ref]) -> str:
    return ", ".join(str(ref) for ref in refs[:MOST_NAMED]) + (" …" if len(refs) > MOST_NAMED else "")
