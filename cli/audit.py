"""`pushboat audit`: who asked for what and what became of it, and whether that still stands as it was written."""

from collections.abc import Callable

import click

from cli import configuration, output
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat.config.operator import Operator
from pushboat.model.ask import AuditEntry
from pushboat.model.chain import Link, Soundness
from pushboat.model.json_forms import moment
from pushboat.model.release_record import encoded, taken_apart
from pushboat.model.times import exact
from pushboat.model.wording import counted
from pushboat.sealing import Key, is_signed
from pushboat.store import audit as entries
from pushboat.store import release_records, stamping
from workers.running.keys import known_key

MOST = 1_000


@click.group()
def audit() -> None:
    """See who asked for what, and make sure that nobody changed what was written down."""


@audit.command("list")
@click.argument("repository", default="")
@click.option("--limit", type=click.IntRange(1, MOST), default=50, show_default=True, help="How many, newest first.")
@click.option("--before", type=int, metavar="ID", help="Only entries before this one: the next page.")
@click.option("--asked", is_flag=True, help="Only what somebody asked for.")
@AS_JSON
@click.pass_context
def listed(ctx: click.Context, repository: str, *, limit: int, before: int | None, asked: bool, as_json: bool) -> None:
    """List decisions, newest first: who wanted what, from where, and what became of it."""
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        found = entries.listed(store, repository=repository, limit=limit, before=before, asked=asked)
    if as_json:
        following = found[-1].id if len(found) == limit else None
        output.print_json({"items": [_form(each) for each in found], "next": following})
        return
    for each in found:
        output.data(_line(each))
    if not found:
        output.say("nothing was decided yet" if before is None else "there is nothing before that")


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
    operator = configuration.load_for_reading(ctx)
    wanted = _noted(noted) if noted else None
    with opened_store(operator) as store:
        sound = stamping.verify(store, (*_ours(operator), *map(_hex, keys)), wanted)
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
    operator = configuration.load_for_reading(ctx)
    keys = _ours(operator)
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
@click.argument("deployment", type=int)
@click.option("--key", "keys", multiple=True, metavar="HEX", help="A public key of before, which made the signature.")
@click.pass_context
def record(ctx: click.Context, deployment: int, *, keys: tuple[str, ...]) -> int:
    """Print the signed record of a deployment's release: an in-toto statement in a DSSE envelope.

    It says commit, render, changes, images and approvals. Exit code 1 where there is none, or another key signed it.
    """
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        written = release_records.find(store, deployment)
    if not written:
        why = "has no release" if written is None else "is not signed yet: the dispatcher does that"
        output.say(f"deployment {deployment} {why}", glyph="✗")
        return 1
    output.data(written)
    payload, signature = taken_apart(written)
    if not is_signed(encoded(payload), signature, (*_ours(operator), *map(_hex, keys))):
        output.say("it was not signed with this installation's key, or was changed since", glyph="✗")
        return 1
    return 0


def _ours(operator: Operator) -> tuple[bytes, ...]:
    """Give the public key of this installation, where its key is here."""
    secret = operator.encryption_key or known_key(operator.state / "encryption-key")
    return (Key(secret).public(),) if secret else ()


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
            output.data(_line(sound.at))
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
        "entry": _form(sound.at) if sound.at else None,
        "entries": sound.entries,
        "begins": _written(sound.begins.link) if sound.begins else None,
        "stamped": _written(sound.stamped.link) if sound.stamped else None,
        "unstamped": sound.unstamped,
        "unbound": sound.unbound,
    }


def _line(entry: AuditEntry) -> str:
    place = " ".join(each for each in (entry.repository, entry.environment) if each)
    about = f" (deployment {entry.deployment})" if entry.deployment else ""
    told = f"{_said(entry.at)}  {entry.who or 'nobody'} by {entry.source}: {entry.word} {place}{about}"
    return output.one_line(f"{entry.id:>6}  {told}: {entry.verdict}. {entry.reason}")


def _said(at: float, say: Callable[[float], str | None] = exact) -> str | None:
    """Say when something was, also where somebody put in what is no time."""
    try:
        return say(at)
    except (ArithmeticError, OSError, TypeError, ValueError):
        return str(at)


def _form(entry: AuditEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "at": _said(entry.at, moment),
        "who": entry.who,
        "source": entry.source,
        "repository": entry.repository,
        "environment": entry.environment,
        "word": entry.word,
        "verdict": entry.verdict,
        "reason": entry.reason,
        "delivery": entry.delivery or None,
        "deployment": entry.deployment,
    }
