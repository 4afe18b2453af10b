"""`pushboat deliveries`: what came in, what it led to or why nothing happened, and the same again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import click

from cli import configuration, elsewhere, output, same_file, tables
from cli.elsewhere import Answer, Elsewhere, Json, NotThere
from cli.numbering import LATEST, Number
from cli.opening import opened_store
from cli.output import AS_JSON
from cli.paging import paged
from cli.waking import wake
from pushboat import later_words
from pushboat.errors import PushboatError
from pushboat.model.delivery import DeliveryRow
from pushboat.model.json_forms import delivery_form, deployment_form, instant, whole_delivery_form
from pushboat.model.state import Kind, State
from pushboat.model.times import ago, exact
from pushboat.model.wording import outcome, unbold
from pushboat.reading.lists import Query, list_deliveries
from pushboat.store import deliveries as rows
from pushboat.store import deployments
from pushboat.store.database.engine import Store

NOTHING_YET = "nothing came in yet; does the forge's webhook point here? `pushboat hook doctor` looks"


class NoSuchDelivery(PushboatError):
    """The store has no delivery with this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Deliveries as the API writes them, newest first; `next` is the id that an older page begins before."""

    items: Sequence[Json]
    now: float
    next: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """One delivery, and the deployments that it led to."""

    form: Json
    now: float
    led_to: Sequence[Json] = ()


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
    there, query = elsewhere.named(), Query(limit=limit, **filters)
    shown = _listed_there(there, query) if there else _listed_here(ctx, query)
    if as_json:
        output.print_json({"items": shown.items, "next": shown.next})
    elif shown.items:
        headings = ("id", "when", "forge", "event", "repository", "verdict", "what it did")
        lines = [_line(form, times, shown.now) for form, times in _folded(shown.items)]
        tables.print_table(headings, lines, shared=("forge", "repository"))
        if long := next((form for form in shown.items if form["details"]), None):
            output.say(f"every mistake of a refused file: pushboat deliveries show {long['id']}")
        if shown.next is not None:
            output.say(f"older ones: --before {shown.next}")
    else:
        what = "no such delivery" if any(filters.values()) else "no delivery yet"
        output.say(f"{what}; does the forge's webhook point here? `pushboat hook doctor` looks")


def _listed_here(ctx: click.Context, query: Query) -> Shown:
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        page = list_deliveries(store, operator, query)
        return Shown(items=[delivery_form(row) for row in page.rows], now=store.now(), next=page.next)


def _listed_there(there: Elsewhere, query: Query) -> Shown:
    items, now, older = paged(there, "deliveries", query)
    return Shown(items=items, now=now, next=older)


def _folded(forms: Sequence[Json]) -> list[tuple[Json, int]]:
    """Keep of all pings of a repository the newest, with their number: the fifth says no more than the first."""
    pings = Counter(map(_ping, forms))
    told: set[tuple[str, str]] = set()
    folded = []
    for form in forms:
        ping = _ping(form)
        if ping not in told:
            folded.append((form, pings[ping] if ping else 1))
        if ping:
            told.add(ping)
    return folded


def _ping(form: Json) -> tuple[str, str] | None:
    is_one = form["event"] is not None and form["event"]["kind"] == "ping"
    return (form["forge"], form["repository"]) if is_one else None


def _line(form: Json, times: int, now: float) -> tuple[str, ...]:
    when = ago(instant(form["received_at"]) or 0.0, now)
    reason = form["reason"] if times == 1 else f"{times} pings, the newest: {form['reason']}"
    return str(form["id"]), when, form["forge"], _event(form), form["repository"], form["verdict"], reason


@deliveries.command()
@click.argument("id_", metavar="ID|latest", type=Number("delivery", "pushboat deliveries list"))
@AS_JSON
@click.pass_context
def show(ctx: click.Context, id_: int, *, as_json: bool) -> None:
    """Show one delivery: its sentence, its event and its deployments."""
    there = elsewhere.named()
    one = _one_there(there, id_, told=not as_json) if there else _one_here(ctx, id_)
    if as_json:
        output.print_json(one.form)
        return
    for line in _lines(one):
        output.data(line)


def _one_here(ctx: click.Context, number: int) -> One:
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        row = _find(store, number)
        led_to = [deployment_form(each, operator.public_url) for each in deployments.of_delivery(store, row.id)]
        return One(form=whole_delivery_form(row), now=store.now(), led_to=led_to)


def _one_there(there: Elsewhere, number: int, *, told: bool) -> One:
    answer = _asked_for(there, number)
    led_to = [there.get(f"deployments/{each}").form for each in answer.form["deployments"]] if told else []
    return One(form=answer.form, now=answer.now, led_to=led_to)


def _lines(one: One) -> Iterator[str]:
    form = one.form
    yield f"{output.look(form['verdict'])}: {form['reason'] or 'waits to be routed'}"
    yield from (f"  {line}" for line in unbold(form["details"]).splitlines())
    yield from (f"{name:<12}{output.one_line(value)}" for name, value in _facts(form, one.now))
    for ask in form["asks"]:
        if ask["verdict"] is None:
            continue
        what = f"{ask['word']} {ask['environment']}".strip() or "a command"
        yield "  " + output.one_line(
            f"{ask['who']} ({ask['source']}) asked for {what}; {ask['verdict']}: {ask['reason']}"
        )
    for row in one.led_to:
        what = "plan of " if row["kind"] == Kind.PLAN else ""
        shape = output.look(row["state"]).partition(" ")[0]
        said = output.one_line(outcome(later_words.read(State, row["state"]), row["waits"] or row["reason"]))
        yield f"  {what}{row['environment']}: {shape} {said}  {output.one_line(row['url'])}"


@deliveries.command()
@click.argument("id_", metavar="ID|latest", type=Number("delivery", "pushboat deliveries list"))
@AS_JSON
@click.pass_context
def replay(ctx: click.Context, id_: int, *, as_json: bool) -> None:
    """Do a delivery again, as a new one."""
    there = elsewhere.named()
    again, form = _replayed_there(there, id_) if there else _replayed_here(ctx, id_)
    if as_json:
        output.print_json(form)
        return
    output.data(f"delivery {again} goes again as {form['id']}")
    output.say(f"see what it does: pushboat deliveries show {form['id']}")


def _replayed_here(ctx: click.Context, number: int) -> tuple[int, Json]:
    operator = configuration.load(ctx)
    with opened_store(operator) as store:
        again = _find(store, number).id
        same_file.await_readers(configuration.path(ctx), operator, store)
        new = rows.replay(store, again)
        wake(operator, store)
        return again, whole_delivery_form(_find(store, new))


def _replayed_there(there: Elsewhere, number: int) -> tuple[int, Json]:
    again = int(_asked_for(there, number).form["id"])
    new = there.post(f"deliveries/{again}/replay", {}).form["delivery"]
    return again, there.get(f"deliveries/{new}").form


def _asked_for(there: Elsewhere, number: int) -> Answer:
    """Ask for one delivery, or the newest."""
    if number == LATEST:
        newest = there.get("deliveries", limit=1).form["items"]
        if not newest:
            raise NoSuchDelivery(NOTHING_YET)
        number = newest[0]["id"]
    try:
        return there.get(f"deliveries/{number}")
    except NotThere as gone:
        raise NoSuchDelivery(f"{gone.summary}; `pushboat deliveries list` shows those there are") from gone


def _find(store: Store, number: int) -> DeliveryRow:
    row = rows.find(store, number) if number != LATEST else next(iter(rows.listed(store, limit=1)), None)
    if row is None and number == LATEST:
        raise NoSuchDelivery(NOTHING_YET)
    if row is None:
        raise NoSuchDelivery(f"there is no delivery {number}; `pushboat deliveries list` shows those there are")
    return row


def _event(form: Json) -> str:
    event = form["event"]
    return f"{event['kind']} {event['action']}".strip() if event else ""


def _facts(form: Json, now: float) -> list[tuple[str, str]]:
    event, came, again = form["event"] or {}, instant(form["received_at"]) or 0.0, form["duplicates"]
    facts = [
        ("received", f"{exact(came)} ({ago(came, now)})"),
        ("from", form["source"]),
        ("forge", form["forge"]),
        ("delivery", form["delivery"]),
        ("event", _event(form)),
        ("repository", form["repository"]),
        ("ref", event.get("ref", "")),
        ("commit", form["sha"]),
        ("author", event.get("author", "")),
        ("kept", form["details"] if form["forgotten"] else ""),
        ("repeated", f"{again} time{'s'[: again > 1]}, without effect" if again else ""),
    ]
    return [(name, value) for name, value in facts if value]
