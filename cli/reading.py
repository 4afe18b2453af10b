"""`pushboat status` and `history`: what runs where, and what was deployed, from the store here or from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from cli import configuration, elsewhere, output, tables
from cli.elsewhere import Elsewhere, Json
from cli.opening import opened_store
from cli.output import AS_JSON
from cli.paging import paged
from pushboat.config.operator import Operator
from pushboat.model.deployment import Lane, short
from pushboat.model.json_forms import deployment_form, instant
from pushboat.model.state import Kind, State
from pushboat.model.times import ago, lasted
from pushboat.model.wording import beside, near_miss
from pushboat.reading import known
from pushboat.reading.environments import environment_form, overview
from pushboat.reading.lists import Query, list_deployments
from pushboat.store import deployments


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is to be shown, as the API writes it: `next` is the id that an older page begins before."""

    items: Sequence[Json]
    now: float
    next: int | None = None
    ever: bool = True


@click.command()
@click.argument("repository", default="")
@AS_JSON
@click.pass_context
def status(ctx: click.Context, repository: str, *, as_json: bool) -> None:
    """Show every environment: its latest deployment, and what runs there."""
    there = elsewhere.named()
    shown = environments(ctx, there, repository)
    if as_json:
        output.print_json({"items": shown.items, "next": None})
    elif shown.items:
        tables.print_table(
            ("repository", "environment", "state", "commit", "runs", "when", "reason"),
            [(row["repository"], row["environment"], *_cells(row, shown.now)) for row in shown.items],
            shared=("repository",),
        )
    else:
        output.say("there is no environment yet: add one to pushboat.yaml, or push what a pattern there allows")


def environments(ctx: click.Context, there: Elsewhere | None, repository: str) -> Shown:
    """Give every environment of the Pushboat that is meant, or those of one repository.

    Raises:
        UsageError: there is no such repository.
    """
    return _environments_there(there, repository) if there else _environments_here(ctx, repository)


def _environments_here(ctx: click.Context, repository: str) -> Shown:
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        now = store.now()
        rows = [
            row for row in overview(store, operator) if not repository or operator.alike(repository, [row.repository])
        ]
    if repository and not (rows or operator.spelled(repository)):
        raise click.UsageError(
            f"pushboat.yaml has no repository {repository}; {_choice(repository, operator.projects)}"
        )
    return Shown(items=[environment_form(row, operator.public_url) for row in rows], now=now)


def _environments_there(there: Elsewhere, repository: str) -> Shown:
    answer = there.get("environments", repository=repository)
    if repository and not answer.form["items"]:
        names = {row["repository"] for row in there.get("environments").form["items"]}
        raise click.UsageError(f"there is no repository {repository} at {there.url}; {_choice(repository, names)}")
    return Shown(items=answer.form["items"], now=answer.now)


def _cells(one: Json, now: float) -> tuple[str, ...]:
    latest, runs = one["latest"], one["running"]
    if latest is None:
        return (
            "",
            "",
            "",
            "",
            "; ".join([*one["told"], "nothing was deployed here yet: push to the ref it follows, or promote to it"]),
        )
    rest = [] if latest["holds"] else [_reason(latest)]  # who waits says the same as what holds it
    return (
        "destroyed" if one["destroyed"] and latest["kind"] == Kind.REMOVAL else latest["state"],
        short(latest["sha"]),
        short(runs["sha"]) if runs else "",
        ago(instant(latest["finished_at"] or latest["started_at"] or latest["created_at"]) or 0.0, now),
        "; ".join([*one["told"], *rest]),
    )


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
    there = elsewhere.named()
    query = Query(limit=limit, **filters)
    shown = _deployments(there, query) if there else _deployments_here(ctx, query)
    if as_json:
        output.print_json({"items": shown.items, "next": shown.next})
    elif shown.items:
        headings = ("id", "repository", "environment", "state", "commit", "release", "by", "when", "took", "reason")
        tables.print_table(headings, [_line(row, shown.now) for row in shown.items], shared=("repository",))
        if shown.next is not None:
            output.say(f"older ones: --before {shown.next}")
    else:
        what = "no such deployment" if shown.ever else "nothing was deployed yet"
        output.say(f"{what}; `pushboat deliveries list` says what came in and why nothing was deployed")


def _deployments_here(ctx: click.Context, query: Query) -> Shown:
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        now = store.now()
        lanes = [newest.lane for newest in deployments.latest_by_lane(store)]
        there = known.everywhere(store, operator)
        _refuse_unknown(operator, there, lanes, query.repository, query.environment)
        page = list_deployments(store, operator, query)
        runs = {newest.id for newest in deployments.running_by_lane(store) if newest.kind is not Kind.REMOVAL}
    items = [{**deployment_form(row, operator.public_url), "runs": row.id in runs} for row in page.rows]
    return Shown(items=items, now=now, next=page.next, ever=bool(lanes))


def _deployments(there: Elsewhere, query: Query) -> Shown:
    places = _environments_there(there, query.repository).items
    names = {row["environment"] for row in places}
    if query.environment and query.environment not in names:
        whose = query.repository or "any repository"
        raise click.UsageError(
            f"there is no environment {query.environment} of {whose}; {_choice(query.environment, names)}"
        )
    runs = {row["running"]["id"] for row in places if row["running"]}
    items, now, older = paged(there, "deployments", query)
    shown = [{**row, "runs": row["id"] in runs} for row in items]
    ever = any(row["latest"] for row in places)
    return Shown(items=shown, now=now, next=older, ever=ever)


def _refuse_unknown(
    operator: Operator, there: Mapping[str, Iterable[str]], lanes: Sequence[Lane], repository: str, environment: str
) -> None:
    """Refuse what neither the operator's file nor the store ever named: an empty list would look like an answer."""
    names = {name: {*environments} for name, environments in there.items()}
    for lane in lanes:  # also of projects that have left the file
        names.setdefault(lane.repository, set()).add(lane.environment)
    named = operator.alike(repository, names) if repository else tuple(names)
    if repository and not named:
        raise click.UsageError(f"there is no repository {repository}; {_choice(repository, names)}")
    places = set[str]().union(*(names[name] for name in named))
    if environment and environment not in places:
        whose = repository or "any repository"
        raise click.UsageError(f"there is no environment {environment} of {whose}; {_choice(environment, places)}")


def _choice(word: str, names: Iterable[str]) -> str:
    return near_miss(word, names) or "there are none yet"


def _line(row: Json, now: float) -> tuple[str, ...]:
    began, ended = instant(row["started_at"]), instant(row["finished_at"])
    return (
        str(row["id"]),
        row["repository"],
        row["environment"],
        f"{'removal ' if row['kind'] == Kind.REMOVAL else ''}{row['state']}",
        short(row["sha"]),
        f"{row['release'] or ''}{' runs' if row['runs'] else ''}".strip(),
        row["author"],
        ago(instant(row["created_at"]) or 0.0, now),
        lasted(ended - began) if began and ended else "",
        _reason(row),
    )


def _reason(row: Json) -> str:
    """Say why it is as it is; the table's own column says the state."""
    return beside(row["waits"] or row["reason"], row["state"])
