"""`pushboat deliveries`: what came in, what it led to or why nothing happened, and the same again."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click

from cli import configuration, output, tables
from cli.numbering import LATEST, Number
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat.errors import PushboatError
from pushboat.model.delivery import DeliveryRow
from pushboat.model.json_forms import delivery_form
from pushboat.model.state import Kind
from pushboat.model.times import ago, exact
from pushboat.model.wording import outcome, unbold
from pushboat.queue.bell import ring
from pushboat.reading.lists import Query, list_deliveries
from pushboat.store import deliveries as rows
from pushboat.store import deployments
from pushboat.store.database.engine import Store


class NoSuchDelivery(PushboatError):
    """The store has no delivery with this id."""


@click.group()
def deliveries() -> None:
    """See what came in by webhook and what it did."""


@deliveries.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500), help="How many, newest first.")
@click.option("--before", type=int, help="Only those older than this id: the next page.")
@click.option("--repository", default="", help="Only those of this repository (<forge>/<path>).")
@click.option("--sha", default="", help="Only those of this commit.")
@AS_JSON
@click.pass_context
def list_(ctx: click.Context, /, limit: int, *, as_json: bool, **filters: Any) -> None:
    """List deliveries, newest first, each with the sentence that says what it did."""
    operator = configuration.load_for_reading(ctx)

    with opened_store(operator) as store:
        now = store.now()
        page = list_deliveries(store, operator, Query(limit=limit, **filters))
    if as_json:
        output.print_json({"items": [delivery_form(row) for row in page.rows], "next": page.next})
    elif page.rows:
        headings = ("id", "when", "forge", "event", "repository", "verdict", "what it did")
        tables.print_table(
            headings, [_line(row, times, now) for row, times in _folded(page.rows)], shared=("forge", "repository")
        )
        if long := next((row for row in page.rows if row.details), None):
            output.say(f"every mistake of a refused file: pushboat deliveries show {long.id}")
        if page.next is not None:
            output.say(f"older ones: --before {page.next}")
    else:
        what = "no such delivery" if any(filters.values()) else "no delivery yet"
        output.say(f"{what}; does the forge's webhook point here? `pushboat hook doctor` looks")


def _folded(rows: Sequence[DeliveryRow]) -> list[tuple[DeliveryRow, int]]:
    """Keep of all pings of a repository the newest, with their number: the fifth says no more than the first."""
    pings = Counter(_ping(row) for row in rows)
    told: set[tuple[str, str]] = set()
    folded = []
    for row in rows:
        ping = _ping(row)
        if ping not in told:
            folded.append((row, pings[ping] if ping else 1))
        if ping:
            told.add(ping)
    return folded


def _ping(row: DeliveryRow) -> tuple[str, str] | None:
    is_one = row.verdict != "rejected" and row.event.kind == "ping"
    return (row.forge, row.repository) if is_one else None


def _line(row: DeliveryRow, times: int, now: float) -> tuple[str, ...]:
    when = ago(row.received_at, now)
    reason = row.reason if times == 1 else f"{times} pings, the newest: {row.reason}"
    return str(row.id), when, row.forge, _event(row), row.repository, str(row.verdict), reason


@deliveries.command()
@click.argument("id_", metavar="ID|latest", type=Number("delivery", "pushboat deliveries list"))
@AS_JSON
@click.pass_context
def show(ctx: click.Context, id_: int, *, as_json: bool) -> None:
    """Show one delivery: its sentence, its event and its deployments."""
    operator = configuration.load_for_reading(ctx)

    with opened_store(operator) as store:
        row = _find(store, id_)
        led_to = deployments.of_delivery(store, row.id)
        now = store.now()
    if as_json:
        output.print_json(delivery_form(row))
        return
    output.data(f"{output.look(str(row.verdict))}: {row.reason or 'waits to be routed'}")
    for line in unbold(row.details).splitlines():
        output.data(f"  {line}")
    for name, value in _facts(row, now):
        output.data(f"{name:<12}{output.one_line(value)}")
    for entry in row.audit:
        what = f"{entry.word} {entry.environment}".strip() or "a command"
        said = f"{entry.who} ({entry.source}) asked for {what}; {entry.verdict}: {entry.reason}"
        output.data(f"  {output.one_line(said)}")
    for deployment in led_to:
        what = "plan of " if deployment.kind is Kind.PLAN else ""
        shape = output.look(str(deployment.state)).partition(" ")[0]
        said = output.one_line(outcome(deployment.state, deployment.waits or deployment.reason))
        where = f"{what}{deployment.lane.environment}: {shape} {said}"
        output.data(f"  {where}  {operator.public_url.rstrip('/')}{deployment.path}")


@deliveries.command()
@click.argument("id_", metavar="ID|latest", type=Number("delivery", "pushboat deliveries list"))
@AS_JSON
@click.pass_context
def replay(ctx: click.Context, id_: int, *, as_json: bool) -> None:
    """Do a delivery again, as a new one."""
    operator = configuration.load(ctx)

    with opened_store(operator) as store:
        again = _find(store, id_).id
        new = rows.replay(store, again)
        ring(operator.state)
        row = _find(store, new)
    if as_json:
        output.print_json(delivery_form(row))
        return
    output.data(f"delivery {again} goes again as {new}")
    output.say(f"see what it does: pushboat deliveries show {new}")


def _find(store: Store, number: int) -> DeliveryRow:
    row = rows.find(store, number) if number != LATEST else next(iter(rows.listed(store, limit=1)), None)
    if row is None and number == LATEST:
        raise NoSuchDelivery("nothing came in yet; does the forge's webhook point here? `pushboat hook doctor` looks")
    if row is None:
        raise NoSuchDelivery(f"there is no delivery {number}; `pushboat deliveries list` shows those there are")
    return row


def _event(row: DeliveryRow) -> str:
    return "" if row.verdict == "rejected" or row.forgotten else f"{row.event.kind} {row.event.action}".strip()


def _facts(row: DeliveryRow, now: float) -> list[tuple[str, str]]:
    facts = [
        ("received", f"{exact(row.received_at)} ({ago(row.received_at, now)})"),
        ("from", row.source),
        ("forge", row.forge),
        ("delivery", row.delivery),
        ("event", _event(row)),
        ("repository", row.repository),
        ("ref", row.event.ref),
        ("commit", row.event.sha),
        ("author", row.event.author),
        ("kept", row.details if row.forgotten else ""),
        ("repeated", f"{row.duplicates} time{'s'[: row.duplicates > 1]}, without effect" if row.duplicates else ""),
    ]
    return [(name, value) for name, value in facts if value]
