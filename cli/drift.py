"""`pushboat drift REPOSITORY ENVIRONMENT`: where the cluster is not as the release that runs there has it."""

from pathlib import Path

import click

from cli import configuration, elsewhere, output, telling
from cli.opening import opened_store
from cli.output import AS_JSON
from cli.telling import asked
from cli.to_git import ToGit, json_form, placed, tell, to_git
from pushboat.config.operator import Limits, Operator
from pushboat.model import wording
from pushboat.model.deployment import Lane
from pushboat.reading import known
from pushboat.store.database.engine import Store
from workers.questions.drift import Beside, drift_of, told_of


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
    if there := elsewhere.named():
        if as_diff:
            raise click.UsageError("--to-git works only where Pushboat runs")
        wish = {"word": "drift", "repository": repository, "environment": environment}
        return telling.tell(asked(there, wish), as_json=as_json)
    operator = configuration.load_for_reading(ctx)
    made: list[ToGit] = []
    with opened_store(operator) as store:
        lane, limits = _place(operator, store, repository, environment)
        beside: Beside | None = (lambda *what: made.append(to_git(*what))) if as_diff else None
        seen, found = drift_of(operator, store, lane, limits, beside)
    told = told_of(seen, found)
    if not made:
        return telling.tell(told, as_json=as_json)
    files = placed(made[0], checkout, seen.release.sha) if write else None
    if as_json:
        output.print_json({**(told.form or {}), **json_form(made[0])})
    elif found:
        tell(made[0], seen.release.sha, files)
    else:
        telling.tell(told, as_json=False)
    return 1 if made[0].left else 3 if seen.unknown else 0


def _place(operator: Operator, store: Store, repository: str, environment: str) -> tuple[Lane, Limits]:
    name = operator.spelled(repository)
    there = known.environments(store, operator.projects[name], [environment]) if name else {}
    if environment not in there:
        what = f"environment {output.one_line(environment)} of {output.one_line(repository)}"
        hint = wording.near_miss(environment, there) if there else wording.near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no {what}; {hint or 'none yet'}")
    return Lane(repository=name, environment=environment), there[environment]
