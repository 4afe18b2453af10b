"""Name every mistake that a schema can show, with its place, before the first object is written.

The API server refuses the same mistakes, but one object after the other, when some are written already. What cannot be
looked up here is left to it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import count

from pushboat.errors import InvalidManifest
from pushboat.model.changeset import Action, ChangeSet
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.wording import printable
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import BUILT_IN
from workers.cluster.client.openapi import Document, Published
from workers.cluster.hooks.words import Run
from workers.cluster.objects import Object
from workers.cluster.planning.words import Plan
from workers.cluster.reading.definitions import definitions_of, name_of
from workers.review.schema.checking import MOST_MISTAKES, Checked, check
from workers.review.schema.compiling import Compiled
from workers.review.schema.definitions import DEFINITION, is_definition, subject_of
from workers.review.schema.saying import finding
from workers.review.schema.words import Breach, Fault
from workers.review.words import Finding, Kind

Mistake = tuple[Manifest, Fault]
PUBLISHED_WITHIN, LOOK_EVERY = 4.0, 0.5
"""Seconds. An API server publishes a changed CRD after one (measured on 1.36), a busy one later."""
LOOKS_AT_LEAST = 3
"""Whatever they take: one look may have taken all that time, and be about its beginning."""
_NEVER_EXCUSED = (Breach.UNKNOWN, Breach.SHAPE, Breach.TWICE)
MOST_PLACED = 100
"""Mistakes that are shown, each with its place; the rest is counted."""


def refuse_mistakes(
    cluster: Cluster, plan: Plan, runs: Sequence[Run] = (), show: Callable[[ChangeSet], object] | None = None
) -> tuple[str, ...]:
    """Check all that a plan would write, and its hooks; give a sentence for each kind whose schema could not be read.

    Where something is refused, `show` is told of all objects, each refused one with its mistakes.

    Raises:
        InvalidManifest: names every mistake with its file, line and column.
    """
    if not runs and all(step.action is Action.UNCHANGED for step in plan.steps):
        return ()
    published, checked = _compared(cluster, plan, runs)
    doubted = {_kind(each) for each, _ in checked.mistakes if _may_be_outdated(each, published, plan)}
    doubted |= {each for each in checked.unchecked if each[0] not in BUILT_IN}  # it may be too young to be published
    if doubted:
        published, checked = _compared_anew(cluster, plan, runs, doubted)
    if checked.mistakes:
        in_order = sorted(checked.mistakes, key=lambda mistake: (mistake[0].file, mistake[0].line))[:MOST_PLACED]
        lines = [str(finding(*mistake)) for mistake in in_order]
        if show is not None:
            show(_refused(plan, checked, zip(in_order, lines, strict=True)))
        raise _refusal(checked, lines)
    return tuple(_unchecked(kind, published) for kind in checked.unchecked)


def surely_wrong(cluster: Cluster, manifests: Sequence[Manifest]) -> Iterator[Finding]:
    """Find, beside what is refused already, unknown fields and wrong types of built-in kinds: nothing excuses those.

    What stands in metadata may never be sent, and whether a value may stay is known only beside the live object.
    """
    published = cluster.published(_versions(manifests, ()))
    compiled = {version: _compiled(document) for version, document in published.documents.items()}
    for manifest, fault in check(manifests, compiled, definitions=(), live=lambda _: None).mistakes:
        kind = manifest.ref.group, manifest.version, manifest.ref.kind
        if fault.breach in _NEVER_EXCUSED and fault.path[0] != "metadata" and compiled[kind[:2]].is_built_in(*kind):
            yield finding(manifest, fault)


def _compared_anew(
    cluster: Cluster, plan: Plan, runs: Sequence[Run], doubted: Iterable[Kind]
) -> tuple[Published, Checked]:
    """Compare by the definitions themselves; where they may not be read, by what is published a moment later."""
    found = {each: kind for each in doubted if (kind := cluster.kinds.find(*each)) is not None}
    read = definitions_of(cluster, found.values())
    live = [_as_manifest(each) for each in read.values() if each is not None]
    unread = {each for each, kind in found.items() if read[name_of(kind)] is None}
    until = time.monotonic() + PUBLISHED_WITHIN
    for looks in count(1):
        published, checked = _compared(cluster, plan, runs, live)
        is_late = time.monotonic() >= until and looks >= LOOKS_AT_LEAST
        if is_late or not any(_kind(each) in unread for each, _ in checked.mistakes):
            break
        time.sleep(LOOK_EVERY)
    return published, checked


def _kind(manifest: Manifest) -> Kind:
    return manifest.ref.group, manifest.version, manifest.ref.kind


def _as_manifest(definition: Object) -> Manifest:
    """Take a definition of the cluster for one that comes with the push; nobody is told where it stands."""
    group, version, kind = DEFINITION
    name = definition["metadata"]["name"]
    return Manifest(ref=Ref(group, kind, "", name), version=version, body=definition, file=f"{kind}/{name}", line=1)


def _compared(
    cluster: Cluster, plan: Plan, runs: Sequence[Run], live: Sequence[Manifest] = ()
) -> tuple[Published, Checked]:
    """Compare with what is published, and with the definitions: the push's own before those of the cluster."""
    hooks = {run.ref: run for run in runs}
    manifests = [*(step.manifest for step in plan.steps), *(run.manifest for run in runs)]
    changed = [
        *(step.manifest for step in plan.steps if step.action is not Action.UNCHANGED),
        *(run.manifest for run in runs),
    ]
    steps = {step.manifest.ref: step for step in plan.steps}
    published = cluster.published(_versions(changed, [*live, *manifests]))
    return published, check(
        changed,
        {version: _compiled(document) for version, document in published.documents.items()},
        definitions=[*live, *manifests],
        live=lambda manifest: steps[manifest.ref].live if manifest.ref in steps else None,
        sent=lambda manifest: steps[manifest.ref].body if manifest.ref in steps else hooks[manifest.ref].body,
    )


def _may_be_outdated(manifest: Manifest, published: Published, plan: Plan) -> bool:
    """Say whether somebody's CRD may have changed before its schema did: not a built-in kind's, nor our own."""
    group, version, kind = manifest.ref.group, manifest.version, manifest.ref.kind
    document = published.documents.get((group, version))
    if document is None or _compiled(document).is_built_in(group, version, kind):
        return False
    return all((group, kind) != subject_of(step.manifest) for step in plan.steps if is_definition(step.manifest))


@lru_cache(maxsize=128)
def _compiled(document: Document) -> Compiled:
    """Keep the rules of a document as long as clusters publish it; those of one release share them."""
    return Compiled(document.schemas)


def _versions(changed: Iterable[Manifest], manifests: Iterable[Manifest]) -> set[tuple[str, str]]:
    wanted = {(each.ref.group, each.version) for each in changed}
    return wanted | {DEFINITION[:2]} if any(is_definition(each) for each in manifests) else wanted


def _unchecked(kind: Kind, published: Published) -> str:
    group, version, name = kind
    why = published.missing.get((group, version), "the cluster publishes none")
    return f"schema of {printable(name)} not checked: {why}"


def _refused(plan: Plan, checked: Checked, placed: Iterable[tuple[Mistake, str]]) -> ChangeSet:
    """Say of each object what the plan would do, or what is wrong with it."""
    why: dict[Ref, list[str]] = {manifest.ref: [] for manifest, _ in checked.mistakes}
    for (manifest, _), line in placed:
        why[manifest.ref].append(line)
    return plan.refused({ref: "; ".join(lines) for ref, lines in why.items()})


def _refusal(checked: Checked, lines: Sequence[str]) -> InvalidManifest:
    rest = len(checked.mistakes) - 1
    least = "at least " if rest + 1 >= MOST_MISTAKES else ""
    details = [f"- {line}" for line in lines]
    if len(checked.mistakes) > MOST_PLACED:
        details.append(f"- … and {least}{len(checked.mistakes) - MOST_PLACED:,} more")
    return InvalidManifest(f"{lines[0]} (and {least}{rest} more)" if rest else lines[0], "\n".join(details))
