"""`pushboat status` and `pushboat history`: what runs where, and what was deployed, straight from the store."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from cli import configuration, output, tables
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat.config.operator import Operator
from pushboat.model import status as statuses
from pushboat.model.deployment import Deployment, Lane, short
from pushboat.model.json_forms import deployment_form
from pushboat.model.state import Kind, State
from pushboat.model.times import ago, lasted
from pushboat.model.wording import beside, some
from pushboat.reading import known
from pushboat.reading.environments import Overview, environment_form, overview
from pushboat.reading.lists import Query, list_deployments
from pushboat.routing.holds import all_told, told
from pushboat.store import deployments


@click.command()
@click.argument("repository", default="")
@AS_JSON
@click.pass_context
def status(ctx: click.Context, repository: str, *, as_json: bool) -> None:
    """Show every environment: its latest deployment, and what runs there."""
    operator = configuration.load_for_reading(ctx)

    with opened_store(operator) as store:
        now = store.now()
        rows = [
            row for row in overview(store, operator) if not repository or operator.alike(repository, [row.repository])
        ]
    if repository and not (rows or operator.spelled(repository)):
        raise click.UsageError(f"pushboat.yaml has no repository {repository}; {_choice(operator.projects)}")
    if as_json:
        items = [environment_form(row, operator.public_url) for row in rows]
        output.print_json({"items": items, "next": None})
    elif rows:
        tables.print_table(
            ("repository", "environment", "state", "commit", "runs", "when", "reason"),
            [(row.repository, row.environment, *_cells(row, now)) for row in rows],
            shared=("repository",),
        )
    else:
        output.say("there is no environment yet: add one to pushboat.yaml, or push what a pattern there allows")


def _cells(one: Overview, now: float) -> tuple[str, ...]:
    latest, runs = one.latest, one.runs
    if latest is None:
        return "", "", "", "", _with_holds(one, "nothing was deployed here yet: push to the ref it follows")
    return (
        "destroyed" if one.destroyed and latest.kind is Kind.REMOVAL else str(latest.state),
        short(latest.sha),
        short(runs.sha) if runs else "",
        ago(latest.finished_at or latest.started_at or latest.created_at, now),
        _with_holds(one, _reason(latest)),
    )


def _with_holds(one: Overview, reason: str) -> str:
    """Say first what runs unmerged and what lets nothing new start there, and what drifted; who waits says the same."""
    rest = [] if one.latest and one.latest.holds else [reason]
    left = [one.left] if one.left else []
    drift = [one.drift.sentence] if one.drift.sentence else []
    left += [one.unmerged.sentence] if one.unmerged else []
    return "; ".join([*left, *map(told, all_told(one.latest, one.holds)), *drift, *rest])


@click.command()
@click.argument("repository", default="")
@click.argument("environment", default="")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500), help="How many, newest first.")
@click.option("--before", type=int, help="Only those older than this id: the next page.")
@click.option(
    "--state",
    type=click.Choice([str(one) for one in State]),
    callback=lambda _context, _option, given: given or "",
    help="Only those in this state.",
)
@click.option("--sha", default="", help="Only those of this commit.")
@AS_JSON
@click.pass_context
def history(ctx: click.Context, /, limit: int, *, as_json: bool, **filters: Any) -> None:
    """List deployments, newest first."""
    operator = configuration.load_for_reading(ctx)

    with opened_store(operator) as store:
        now = store.now()
        lanes = [newest.lane for newest in deployments.latest_by_lane(store)]
        there = known.everywhere(store, operator)
        _refuse_unknown(operator, there, lanes, filters["repository"], filters["environment"])
        page = list_deployments(store, operator, Query(limit=limit, **filters))
        runs = {newest.id for newest in deployments.running_by_lane(store) if newest.kind is not Kind.REMOVAL}
    if as_json:
        items = [{**deployment_form(row, operator.public_url), "runs": row.id in runs} for row in page.rows]
        output.print_json({"items": items, "next": page.next})
    elif page.rows:
        headings = ("id", "repository", "environment", "state", "commit", "release", "by", "when", "took", "reason")
        tables.print_table(
            headings, [_line(row, now, runs=row.id in runs) for row in page.rows], shared=("repository",)
        )
        if page.next is not None:
            output.say(f"older ones: --before {page.next}")
    else:
        what = "no such deployment" if lanes else "nothing was deployed yet"
        output.say(f"{what}; `pushboat deliveries list` says what came in and why nothing was deployed")


def _refuse_unknown(
    operator: Operator, there: Mapping[str, Iterable[str]], lanes: Sequence[Lane], repository: str, environment: str
) -> None:
    """Refuse what neither the operator's file nor the store ever named: an empty list would look like an answer."""
    names = {name: {*environments} for name, environments in there.items()}
    for lane in lanes:  # also of projects that have left the file
        names.setdefault(lane.repository, set()).add(lane.environment)
    named = operator.alike(repository, names) if repository else tuple(names)
    if repository and not named:
        raise click.UsageError(f"there is no repository {repository}; {_choice(names)}")
    places = set[str]().union(*(names[name] for name in named))
    if environment and environment not in places:
        whose = repository or "any repository"
        raise click.UsageError(f"there is no environment {environment} of {whose}; {_choice(places)}")


def _choice(names: Iterable[str]) -> str:
    return f"there are: {', '.join(some(sorted(names))) or 'none yet'}"


def _line(row: Deployment, now: float, *, runs: bool) -> tuple[str, ...]:
    took = row.finished_at - row.started_at if row.started_at and row.finished_at else None
    return (
        str(row.id),
        row.lane.repository,
        row.lane.environment,
        f"{'removal ' if row.kind is Kind.REMOVAL else ''}{row.state}",
        short(row.sha),
        f"{row.release or ''}{' runs' if runs else ''}".strip(),
        row.author,
        ago(row.created_at, now),
        "" if took is None else lasted(took),
        _reason(row),
    )


def _reason(row: Deployment) -> str:
    """Say why it is as it is; the table's own column says the state."""
    return beside(row.waits or row.reason or statuses.of(row).description, str(row.state))
