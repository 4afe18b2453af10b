"""`pushboat diff REPOSITORY ENVIRONMENT [RELEASE [RELEASE]]`: what differs between two releases, as they are stored."""

from collections.abc import Collection, Mapping

import click

from cli import configuration, elsewhere, output
from cli.elsewhere import Elsewhere, Json, NotThere
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat.model.deployment import Lane
from pushboat.model.wording import near_miss
from pushboat.reading import known
from pushboat.reading.between import between, between_form

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command()
@click.argument("repository")
@click.argument("environment")
@click.argument("older", metavar="[RELEASE]", required=False, type=click.IntRange(min=1))
@click.argument("newer", metavar="[RELEASE]", required=False, type=click.IntRange(min=1))
@AS_JSON
@click.pass_context
def diff(
    ctx: click.Context, repository: str, environment: str, older: int | None, newer: int | None, *, as_json: bool
) -> None:
    """Show what differs between two releases of an environment, object by object, as they are stored.

    Without numbers, the newest release and the one before it; with one, that release and the newest. No cluster is
    asked. Of Secrets it is said that they differ, and nothing of what is in them. `pushboat history` has the numbers.
    """
    there = elsewhere.named()
    asked = (repository, environment, older or 0, newer or 0)
    form = _there(there, *asked) if there else _here(ctx, *asked)
    if as_json:
        output.print_json(form)
        return
    for change in form["changes"]:
        _show(change)
    output.say(output.one_line(form["sentence"]))


def _here(ctx: click.Context, repository: str, environment: str, older: int, newer: int) -> Json:
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        name = operator.spelled(repository)
        if not name:
            raise click.UsageError(_typo(repository, environment, dict.fromkeys(operator.projects, ())))
        there = known.environments(store, operator.projects[name], [environment])
        if environment not in there:
            raise click.UsageError(_typo(repository, environment, {name: there}))
        lane = Lane(repository=name, environment=environment)
        return between_form(lane, between(store, lane, older, newer))


def _there(there: Elsewhere, repository: str, environment: str, older: int, newer: int) -> Json:
    numbers = {"from": older, "to": newer}
    try:
        return there.get("diff", repository=repository, environment=environment, **numbers).form
    except NotThere:
        names: dict[str, list[str]] = {}
        for row in there.get("environments").form["items"]:
            names.setdefault(row["repository"], []).append(row["environment"])
        spelled = next((name for name in names if name.lower() == repository.lower()), "")
        if environment in names.get(spelled, ()):
            raise
        raise click.UsageError(_typo(repository, environment, names)) from None


def _typo(repository: str, environment: str, there: Mapping[str, Collection[str]]) -> str:
    """Say what may have been meant, out of the repositories `there` are, or of one of them with its environments."""
    spelled = next((name for name in there if name.lower() == repository.lower()), "")
    if spelled:
        hint = near_miss(environment, there[spelled])
        return f"there is no environment {output.one_line(environment)} of {spelled}; {hint or 'none yet'}"
    return f"there is no repository {output.one_line(repository)}; {near_miss(repository, there) or 'none yet'}"


def _show(change: Json) -> None:
    output.data(f"{change['action']} {output.one_line(change['ref'])}")
    for note in change["notes"]:
        output.data(f"  {output.one_line(note)}")
    for line in change["diff"].splitlines():
        output.data_in(line, _COLOURS.get(line[:1], ""))
