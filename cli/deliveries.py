"""`pushboat deliveries`: what came in, what it led to or why nothing happened, and the same again."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from cli import configuration, output, tables
from cli.output import AS_JSON
from pushboat.errors import PushboatError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pushboat.model.delivery import DeliveryRow
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
    operator = configuration.load(ctx)

    from pushboat.model.json_forms import delivery_form
    from pushboat.store import deliveries as rows

    with configuration.store(operator) as store:
        now = store.now()
        found = rows.listed(store, limit=limit + 1, **filters)
    shown, more = found[:limit], len(found) > limit
    if as_json:
        output.print_json({"items": [delivery_form(row) for row in shown], "next": shown[-1].id if more else None})
    elif shown:
        headings = ("id", "when", "forge", "event", "repository", "verdict", "what it did")
        tables.print_table(
            headings, [_line(row, times, now) for row, times in _folded(shown)], shared=("forge", "repository")
        )
        if more:
            output.say(f"older ones: --before {shown[-1].id}")
    else:
        what = "no such delivery" if any(filters.values()) else "no delivery yet"
        output.say(f"{what}; does the forge's webhook point here? `pushboat hook doctor` looks")


def _folded(rows: "Sequence[DeliveryRow]") -> "list[tuple[DeliveryRow, int]]":
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


def _ping(row: "DeliveryRow") -> tuple[str, str] | None:
    is_one = row.verdict != "rejected" and row.event.kind == "ping"
    return (row.forge, row.repository) if is_one else None


def _line(row: "DeliveryRow", times: int, now: float) -> tuple[str, ...]:
    when = output.ago(row.received_at, now)
    reason = row.reason if times == 1 else f"{times} pings, the newest: {row.reason}"
    return str(row.id), when, row.forge, _event(row), row.repository, str(row.verdict), reason


@deliveries.command()
@click.argument("id_", metavar="ID", type=int)
@AS_JSON
@click.pass_context
def show(ctx: click.Context, id_: int, *, as_json: bool) -> None:
    """Show one delivery: its sentence, its event and its deployments."""
    operator = configuration.load(ctx)

    from pushboat.model.json_forms import delivery_form
    from pushboat.store import deployments

    with configuration.store(operator) as store:
        row = _find(store, id_)
        led_to = deployments.of_delivery(store, id_)
        now = store.now()
    if as_json:
        output.print_json(delivery_form(row))
        return
    output.data(f"{output.look(str(row.verdict))}: {row.reason or 'waits to be routed'}")
    for name, value in _facts(row, now):
        output.data(f"{name:<12}{output.one_line(value)}")
    for deployment in led_to:
        where = f"{deployment.lane.environment}: {output.look(str(deployment.state))}"
        reason = f" ({output.one_line(deployment.reason)})" if deployment.reason else ""
        output.data(f"  {where}{reason}  {operator.public_url.rstrip('/')}{deployment.path}")


@deliveries.command()
@click.argument("id_", metavar="ID", type=int)
@AS_JSON
@click.pass_context
def replay(ctx: click.Context, id_: int, *, as_json: bool) -> None:
    """Do a delivery again, as a new one."""
    operator = configuration.load(ctx)

    from pushboat.model.json_forms import delivery_form
    from pushboat.queue.bell import ring
    from pushboat.store import deliveries as rows

    with configuration.store(operator) as store:
        _find(store, id_)
        new = rows.replay(store, id_)
        ring(operator.state)
        row = _find(store, new)
    if as_json:
        output.print_json(delivery_form(row))
        return
    output.data(f"delivery {id_} goes again as {new}")
    output.say(f"see what it does: pushboat deliveries show {new}")


def _find(store: "Store", number: int) -> "DeliveryRow":
    from pushboat.store import deliveries as rows

    row = rows.find(store, number)
    if row is None:
        raise NoSuchDelivery(f"there is no delivery {number}; `pushboat deliveries list` shows those there are")
    return row


def _event(row: "DeliveryRow") -> str:
    return "" if row.verdict == "rejected" or row.forgotten else f"{row.event.kind} {row.event.action}".strip()


def _facts(row: "DeliveryRow", now: float) -> list[tuple[str, str]]:
    facts = [
        ("received", f"{output.exact(row.received_at)} ({output.ago(row.received_at, now)})"),
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
