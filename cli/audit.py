"""`pushboat audit`: who asked for what and what became of it, and whether that still stands as it was written."""

from collections.abc import Sequence
from typing import Any

import click

from cli import configuration, elsewhere, output
from cli.elsewhere import Elsewhere, Json
from cli.numbering import Number
from cli.opening import opened_store
from cli.output import AS_JSON
from cli.paging import paged
from cli.recorded import record_here, record_there
from cli.unsupported import demand_here
from pushboat.model.ask import AskVerdict, Source
from pushboat.model.audit_row import entry_form, row_form
from pushboat.model.chain import Link, Soundness
from pushboat.model.json_forms import instant, moment
from pushboat.model.record_worth import Worth
from pushboat.model.times import exact
from pushboat.model.wording import counted
from pushboat.reading import records
from pushboat.reading.audit import list_audit
from pushboat.reading.lists import Query
from pushboat.reading.since import read_since
from pushboat.store import stamping

MOST = 1_000
DONE, NO, UNKNOWN = 0, 1, 3


def _chosen(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str:
    return given or ""


def _since(_context: click.Context, _parameter: click.Parameter, given: str) -> str:
    try:
        if given:
            read_since(given, 0.0)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return given


@click.group()
def audit() -> None:
    """See who asked for what, and make sure that nobody changed what was written down."""


@audit.command("list")
@click.argument("repository", default="")
@click.option("--limit", type=click.IntRange(1, MOST), default=50, show_default=True, help="How many, newest first.")
@click.option("--before", type=int, metavar="ID", help="Only entries before this one: the next page.")
@click.option("--environment", default="", help="Only those about this environment.")
@click.option("--who", default="", metavar="NAME", help="Only what this one wanted: the name, or its first words.")
@click.option("--word", default="", help="Only what was asked for so: deploy, lock, …; `begin` and `end` are our own.")
@click.option("--source", type=click.Choice([*map(str, Source)]), callback=_chosen, help="Only what came from there.")
@click.option(
    "--verdict", type=click.Choice([*map(str, AskVerdict)]), callback=_chosen, help="Only what was answered so."
)
@click.option("--since", default="", metavar="WHEN", callback=_since, help="Not older than this: 7d, a day of UTC, …")
@click.option("--asked", is_flag=True, help="Only what somebody asked for.")
@AS_JSON
@click.pass_context
def listed(ctx: click.Context, /, limit: int, *, asked: bool, as_json: bool, **filters: Any) -> None:
    """List decisions, newest first: who wanted what, from where, and what became of it.

    Names and times are those of then, times in UTC. With PUSHBOAT_URL it is the audit there, as far as the token sees.
    """
    there, query = elsewhere.named(), Query(limit=limit, asked="yes" if asked else "", **filters)
    items, older = _listed_there(there, query) if there else _listed_here(ctx, query)
    if as_json:
        output.print_json({"items": items, "next": older})
        return
    for each in items:
        output.data(_line(each))
    if not items:
        narrowed = "no entry fits" if query.filters() else "nothing was decided yet"
        output.say("there is nothing before that" if query.before else narrowed)
    if older is not None:
        output.say(f"older ones: --before {older}")
    if there and not query.repository:
        output.say("not here: who signed in, and tokens for every repository; `pushboat audit list` on the server")


def _listed_here(ctx: click.Context, query: Query) -> tuple[Sequence[Json], int | None]:
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        page = list_audit(store, operator, query, of_no_repository=True)
    return [row_form(row) for row in page.rows], page.next


def _listed_there(there: Elsewhere, query: Query) -> tuple[Sequence[Json], int | None]:
    items, _, older = paged(there, "audit", query)
    return items, older


@audit.command()
@click.option("--noted", metavar="STAMP", help="A stamp that you kept elsewhere, as `pushboat audit stamp` printed it.")
@click.option(
    "--key", "keys", multiple=True, metavar="HEX", help="A public key of before: the stamps of a key that is gone."
)
@AS_JSON
@click.pass_context
def verify(ctx: click.Context, *, noted: str | None, keys: tuple[str, ...], as_json: bool) -> int:
    """Follow the audit from its first entry to its last and name the first that is not as it was written.

    Exit code 0 where all of it stands, 1 where it does not. Whoever holds the installation's key could write it anew:
    keep a stamp elsewhere now and then, and give it with --noted.
    """
    demand_here("audit verify")
    operator = configuration.load_for_reading(ctx)
    wanted = _noted(noted) if noted else None
    with opened_store(operator) as store:
        sound = stamping.verify(store, (*records.own_keys(operator), *map(_hex, keys)), wanted)
    if as_json:
        output.print_json(_verdict(sound))
    else:
        _tell(sound)
    return 1 if sound.broken else 0


@audit.command()
@AS_JSON
@click.pass_context
def stamp(ctx: click.Context, *, as_json: bool) -> int:
    """Print the newest stamp and the public key that made it, to be kept where nobody who can write here can write."""
    demand_here("audit stamp")
    operator = configuration.load_for_reading(ctx)
    keys = records.own_keys(operator)
    with opened_store(operator) as store:
        newest = stamping.newest(store, keys)
    if newest is None:
        output.say("there is no stamp yet: the dispatcher makes one a minute after something was decided", glyph="✗")
        return 1
    if as_json:
        output.print_json(
            {"stamp": _written(newest.link), "at": moment(newest.at), "key": keys[0].hex() if keys else ""}
        )
        return 0
    output.data(_written(newest.link))
    output.say(f"made {exact(newest.at)} with the key {keys[0].hex() if keys else '(not here)'}")
    return 0


@audit.command()
@click.argument("deployment", metavar="DEPLOYMENT|latest", type=Number("deployment", "pushboat history"))
@click.option("--key", "keys", multiple=True, metavar="HEX", help="A public key that you noted, or one of before.")
@AS_JSON
@click.pass_context
def record(ctx: click.Context, deployment: int, *, keys: tuple[str, ...], as_json: bool) -> int:
    """Print the signed record of a deployment's release: an in-toto statement in a DSSE envelope.

    It says commit, render, changes, images and approvals. Exit code 1 where there is none, where another key signed it,
    or where it is another release's; 3 where the key is not here. With PUSHBOAT_URL it comes from there, and --key
    checks it here.
    """
    there, noted = elsewhere.named(), tuple(map(_hex, keys))
    found = record_there(there, deployment, noted) if there else record_here(ctx, deployment, noted)
    if isinstance(found, str):
        output.say(found, glyph="✗")
        return NO
    if as_json:
        output.print_json(found.form)
    else:
        output.data(found.written)
    if found.worth is Worth.GOOD:
        output.say(f"signed with the key {found.form['key'] or 'of --key'}, and as it was written{found.whose}")
        return DONE
    output.say(found.form["why"], glyph="✗")
    return NO if found.worth in (Worth.BAD, Worth.DUE) else UNKNOWN  # also a newer server's word


def _written(link: Link) -> str:
    return f"{link.position}:{link.digest}"


def _noted(written: str) -> Link:
    position, _, digest = written.partition(":")
    if not (position.isdecimal() and digest):
        raise click.UsageError("--noted wants a stamp as `pushboat audit stamp` prints it: 17:5d41402abc…")
    return Link(int(position), digest)


def _hex(written: str) -> bytes:
    try:
        return bytes.fromhex(written)
    except ValueError as error:
        raise click.UsageError(
            "--key wants a public key as `pushboat audit stamp` prints it: 64 hexadecimal digits"
        ) from error


def _tell(sound: Soundness) -> None:
    if sound.broken:
        if sound.at:
            output.data(_line(entry_form(sound.at)))
        output.say(f"{'this entry: ' if sound.at else ''}{sound.broken}", glyph="✗")
        output.say(
            f"{counted(sound.entries, 'decision')} before it as written; compare with a backup of the store, and find "
            "out who can write into it"
        )
        return
    output.say(f"{counted(sound.entries, 'decision')}, each as it was written", glyph="✔")
    if sound.begins:
        until = exact(sound.begins.at)
        output.say(f"beginning after entry {sound.begins.link.position}, stamped {until}: retention took what is older")
    if sound.unstamped:
        output.say(f"{counted(sound.unstamped, 'decision')} since the newest stamp")
    if sound.unbound:
        output.say(f"{counted(sound.unbound, 'decision')} of an older version not bound yet: the next one does that")


def _verdict(sound: Soundness) -> dict[str, object]:
    return {
        "sound": not sound.broken,
        "reason": sound.broken,
        "entry": entry_form(sound.at) if sound.at else None,
        "entries": sound.entries,
        "begins": _written(sound.begins.link) if sound.begins else None,
        "stamped": _written(sound.stamped.link) if sound.stamped else None,
        "unstamped": sound.unstamped,
        "unbound": sound.unbound,
    }


def _line(entry: Json) -> str:
    place = " ".join(each for each in (entry["repository"], entry["environment"]) if each)
    about = f" (deployment {entry['deployment']})" if entry["deployment"] else ""
    told = f"{_when(entry['at'])}  {entry['who'] or 'nobody'} by {entry['source']}: {entry['word']} {place}{about}"
    alarm = "  [not as it was written: pushboat audit verify]" if entry.get("broken") else ""
    return output.one_line(f"{entry['id']:>6}  {told}: {entry['verdict']}. {entry['reason']}{alarm}")


def _when(at: str) -> str:
    """Say when something was, also where somebody put in what is no time."""
    try:
        return exact(instant(at) or 0.0)
    except ValueError:
        return at
