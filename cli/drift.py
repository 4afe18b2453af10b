"""`pushboat drift REPOSITORY ENVIRONMENT`: where the cluster is not as the release that runs there has it."""

from collections.abc import Sequence
from pathlib import Path

import click

from cli import configuration, output
from cli.comparing import Comparing, NothingToCompare, comparing
from cli.opening import opened_store
from cli.output import AS_JSON
from cli.to_git import json_form, placed, tell, to_git
from pushboat.config.operator import Limits, Operator
from pushboat.model import wording
from pushboat.model.deployment import Lane, short
from pushboat.model.drift import Drift, same_by
from pushboat.model.inspection import Seen
from pushboat.reading import known
from pushboat.reading.drifted import object_form
from pushboat.store import inspections
from pushboat.store.database.engine import Store


@click.command()
@click.argument("repository")
@click.argument("environment")
@click.option("--to-git", "as_diff", is_flag=True, help="Print a diff that makes the commit's files say what runs.")
@click.option("--write", is_flag=True, help="With --to-git: write the files of a work tree.")
@click.option(
    "--checkout",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    show_default=True,
    help="With --write: the work tree.",
)
@AS_JSON
@click.pass_context
def drift(
    ctx: click.Context,
    repository: str,
    environment: str,
    *,
    as_diff: bool,
    write: bool,
    checkout: Path,
    as_json: bool,
) -> int:
    """Say where the cluster differs from the release that runs there, field by field, with who and when.

    The cluster is asked now, and nothing in it is changed. Exit code 0 where nothing differs, 1 where something does,
    3 when that could not be found out.

    With --to-git: what was changed live, as a diff to the files of the deployed commit. Exit code 0 where all that
    differs is in it, 1 where something is not.
    """
    if write and not as_diff:
        raise click.UsageError("--write goes with --to-git")
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        lane, limits = _place(operator, store, repository, environment)
        before = inspections.looked_at(store, lane)
        with comparing(operator, store, lane, limits, before) as seen:
            found, plan = seen.found()
            made = to_git(seen, found, plan) if as_diff else None
        _refuse_overlapped(before, inspections.looked_at(store, lane))
        _pass_on(store, lane, found)
    files = placed(made, checkout, seen.release.sha) if made and write else None
    if as_json:
        form = {"release": seen.release.number, "sha": seen.release.sha, "drift": [object_form(each) for each in found]}
        output.print_json({**form, "why": seen.unknown, **(json_form(made) if made else {})})
    elif made and found:
        tell(made, seen.release.sha, files)
    else:
        _tell(seen, found)
    differs = bool(made.left if made else found)
    return 1 if differs else 3 if seen.unknown else 0


def _place(operator: Operator, store: Store, repository: str, environment: str) -> tuple[Lane, Limits]:
    name = operator.spelled(repository)
    there = known.environments(store, operator.projects[name], [environment]) if name else {}
    if environment not in there:
        what = f"environment {output.one_line(environment)} of {output.one_line(repository)}"
        hint = wording.near_miss(environment, there) if there else wording.near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no {what}; {hint or 'none yet'}")
    return Lane(repository=name, environment=environment), there[environment]


def _refuse_overlapped(before: Seen, after: Seen) -> None:
    """Refuse to say what a look saw of two releases at once."""
    if after.running is not None or after.fence != before.fence:
        raise NothingToCompare(
            "a deployment began meanwhile, so what was seen is neither the one nor the other: ask again"
        )


def _pass_on(store: Store, lane: Lane, found: Sequence[Drift]) -> None:
    """Let the timer come round at once where it knows something else; the commit's status is its to change."""
    known = next((each for each in inspections.listed(store, lane.repository) if each.lane == lane), None)
    if known and same_by(known.found) != same_by(found):
        inspections.wake(store, lane)


def _tell(seen: Comparing, found: Sequence[Drift]) -> None:
    release = seen.release
    for each in found:
        output.data(output.one_line(str(each)) if len(each.fields) < 2 else f"{each.ref}:")
        for field in each.fields if len(each.fields) > 1 else ():
            output.data(f"  {output.one_line(str(field))}")
    which = f"release {release.number} ({short(release.sha)})"
    if found:
        output.say(f"{wording.counted(len(found), 'object')} not as in {which}", glyph="✗")
        output.say("a deployment puts that back; `--to-git` writes it into the files that it came from")
    elif not seen.unknown:
        output.say(f"everything is as in {which}", glyph="✔")
    if seen.unknown:
        output.say(seen.unknown, glyph="?")
