"""`pushboat drift --to-git`: what was changed live as a change of the files that it came from, for people to commit.

What is written is proved twice: by rendering, that nothing else changes, and by the cluster, that nothing differs then.
"""

import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from cli import output
from pushboat.errors import PushboatError, Unavailable
from pushboat.model import wording
from pushboat.model.deployment import short
from pushboat.model.drift import Drift
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.planning.words import Plan
from workers.cluster.writing.fresh import made_anew
from workers.deploying.bringing import from_outside, ours
from workers.deploying.capabilities import capabilities_of
from workers.editing.rewriting import same
from workers.editing.texts import CannotWrite
from workers.naming import client_by_names_of_today
from workers.questions.comparing import Comparing, NothingToCompare
from workers.review import limits
from workers.tools import Clients, split
from workers.writing_back.diffing import diff_of, is_bare
from workers.writing_back.gathering import live_fields
from workers.writing_back.opening import Commit, opened
from workers.writing_back.placing import place
from workers.writing_back.steps import changed, value_at
from workers.writing_back.story import Outcome, as_stored, written_back
from workers.writing_back.trimming import trimmed
from workers.writing_back.words import LiveField, NotWritten, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class ToGit:
    """What came of it: a diff, the files as they are to be with their first bytes, and field by field what became."""

    diff: str = ""
    before: dict[str, bytes | None] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    written: tuple[Written, ...] = ()
    left: tuple[NotWritten, ...] = ()


def to_git(seen: Comparing, found: Sequence[Drift], plan: Plan) -> ToGit:
    """Write what has drifted into the files of the release's commit, in a folder of our own.

    Raises:
        NothingToCompare: the commit cannot be had or rendered any more, or not here.
        ForgeUnavailable: the forge does not answer.
    """
    stored = {each.ref: each for each in seen.stored.manifests}
    live = {step.manifest.ref: step.live for step in plan.steps if step.live is not None}
    gathered = [*live_fields(found, live, stored)]
    fields = [_needed(seen, each) for each in gathered if isinstance(each, LiveField)]
    left = [each for each in gathered if isinstance(each, NotWritten)]
    if not fields:
        return ToGit(left=tuple(left))
    try:
        with tempfile.TemporaryDirectory(prefix="pushboat-drift-") as folder:
            return _written(seen, stored, fields, left, Path(folder))
    except PushboatError as error:
        if isinstance(error, Unavailable):
            raise
        raise NothingToCompare(f"{short(seen.release.sha)}: {error.summary}", error.details) from error


def _written(
    seen: Comparing, stored: dict[Ref, Manifest], fields: list[LiveField], left: list[NotWritten], folder: Path
) -> ToGit:
    check = partial(limits.check, environment=seen.environment, scope=seen.cluster.kinds)
    begun = opened(_commit(seen), folder / "first", check, partial(capabilities_of, seen.cluster))
    if begun.chart:
        why = (
            f"it comes from the chart in {begun.chart}, and which of its values decides it nobody can tell: change that"
        )
        return ToGit(left=(*left, *(NotWritten(each.ref, each.path, why) for each in fields)))
    outcome = written_back(begun.source, stored, fields)
    refused = _still_different(seen, outcome)
    if refused:  # once more, without what the cluster would not have so
        left += [NotWritten(each.ref, each.path, "the cluster would differ from it all the same") for each in refused]
        again = opened(_commit(seen), folder / "second", check, partial(capabilities_of, seen.cluster))
        outcome = written_back(again.source, stored, [each for each in fields if each not in refused])
        begun = again
    after = {file: (begun.source.root / file).read_bytes() for file in outcome.originals}
    return ToGit(
        diff=diff_of(outcome.originals, after, begun.modes),
        before=outcome.originals,
        after=after,
        written=tuple(outcome.written),
        left=(*left, *outcome.left),
    )


def _commit(seen: Comparing) -> Commit:
    operator, name = seen.operator, seen.lane.repository
    forge, path = split(name)
    clients = Clients(operator, partial(client_by_names_of_today, operator, seen.store)).of
    known = partial(ours, operator, clients)
    return Commit(
        caches=operator.state / "git",
        remote=clients(forge).remote(path),
        project=operator.projects[name],
        sha=seen.release.sha,
        environment=seen.environment,
        supply=lambda root: from_outside(operator, root, known),
    )


def _still_different(seen: Comparing, outcome: Outcome) -> list[LiveField]:
    """Ask the cluster which of the written fields it would have otherwise."""
    if not outcome.written:
        return []
    found, _ = seen.found(as_stored(seen.stored.manifests, outcome.rendered))
    left = {(each.ref, one.path) for each in found for one in each.fields}
    return [each.field for each in outcome.written if _is_in(each.field, left)]


def _is_in(written: LiveField, left: set[tuple[Ref, str]]) -> bool:
    """Say whether a field differs still, or something that it is in, or that is in it."""

    def within(one: str, other: str) -> bool:
        return one == other or one.startswith((f"{other}.", f"{other}["))

    own = [path for ref, path in left if ref == written.ref]
    return any(within(path, written.path) or within(written.path, path) for path in own)


def _needed(seen: Comparing, wanted: LiveField) -> LiveField:
    """Leave out of a value what the API server fills in by itself; it is asked what it would make of a new object."""
    manifest = next(each for each in seen.stored.manifests if each.ref == wanted.ref)
    kind = seen.cluster.kinds.find(wanted.ref.group, manifest.version, wanted.ref.kind)

    def suffices(value: Any) -> bool:
        body = changed(manifest.body, wanted.steps, value)
        fresh = made_anew(seen.cluster, kind, wanted.ref, body).objects if kind else ()
        return bool(fresh) and same(value_at(fresh[0], wanted.steps), wanted.value)

    if not isinstance(wanted.value, dict | list) or wanted.steps[0] == "metadata":
        return wanted
    with suppress(CannotWrite):  # it stands in what the release does not have; whoever writes it says so
        return replace(wanted, value=trimmed(wanted.value, suffices)) if suffices(wanted.value) else wanted
    return wanted


def json_form(made: ToGit) -> dict[str, Any]:
    """Write it for programs."""
    return {
        "diff": made.diff,
        "files": sorted(made.after),
        "written": [
            {
                "ref": str(each.field.ref),
                "path": each.field.path,
                "file": each.file,
                "also": list(each.also),
                "reordered": each.reordered,
            }
            for each in made.written
        ],
        "not_written": [{"ref": str(each.ref), "path": each.path, "why": each.why} for each in made.left],
    }


def placed(made: ToGit, checkout: Path, sha: str) -> list[str]:
    """Write the files of a work tree, and name them.

    Raises:
        OtherFiles: they are not those of the commit; nothing is written then.
    """
    return place(made.before, made.after, checkout, sha)


def tell(made: ToGit, sha: str, files: list[str] | None) -> None:
    """Print the diff, or the files where some were written, and say what became of the rest."""
    if files is None:
        _print(made.diff)
        if is_bare(made.diff):
            output.say("a Secret stands beside a change: `git apply --unidiff-zero` takes the diff", glyph="!")
    for file in files or ():
        output.data(output.one_line(file))
    for each in made.left:
        output.say(output.one_line(str(each)), glyph="✗")
    for environment in sorted({name for each in made.written for name in each.also}):
        shared = sorted({each.file for each in made.written if environment in each.also})
        output.say(output.one_line(f"{environment} reads {', '.join(shared)} too, and changes with it"), glyph="!")
    for one in made.written:
        if one.reordered:
            where = f"{one.field.ref} {one.field.path} comes in another place of its list than it has live"
            output.say(output.one_line(f"{where}, which restarts pods"), glyph="!")
    if made.written:
        many, ways = wording.counted(len(made.written), "field"), "written" if files else f"as a diff to {short(sha)}"
        output.say(f"{many} {ways}: review, commit and push", glyph="✔")


def _print(diff: str) -> None:
    """Print a diff as it is for programs, to its last control character; a person's terminal obeys none."""
    if sys.stdout.isatty():
        for line in diff.splitlines():
            output.data(line)
    else:
        sys.stdout.buffer.write(diff.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
