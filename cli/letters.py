"""`pushboat letters`: what a forge would not take, and the same once more when what kept it from that is mended."""

from typing import Any

import click

from cli import configuration, output, tables
from cli.opening import opened_store
from cli.output import AS_JSON
from cli.waking import wake
from pushboat.errors import PushboatError
from pushboat.model.json_forms import moment
from pushboat.model.times import ago, lasted
from pushboat.model.wording import counted
from pushboat.store import backlogs, giving_up, quieting
from pushboat.store.backlogs import LateLetters
from pushboat.store.giving_up import GivenUp
from pushboat.store.quieting import Quiet

NONE = "no letter was given up: the forges took all that they were told"


class NoSuchLetter(PushboatError):
    """No letter of this number was given up."""


@click.group()
def letters() -> None:
    """See what forges would not take, statuses and comments, and send it again."""


@letters.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500), help="How many, newest first.")
@AS_JSON
@click.pass_context
def list_(ctx: click.Context, /, limit: int, *, as_json: bool) -> None:
    """List what was given up, newest first, each with what the forge said; and which forges are left alone now."""
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        found, quiet, now = giving_up.listed(store, limit), quieting.listed(store), store.now()
        late = backlogs.late_letters(store)
    if as_json:
        output.print_json(
            {"items": [_form(each) for each in found], "quiet": [_pause(each) for each in quiet], "late": _late(late)}
        )
        return
    for each in quiet:
        output.say(f"{each.credential} is asked nothing for {each.left:.0f} s more: {output.one_line(each.reason)}")
    if late:
        said = (
            f"the oldest for {lasted(late.oldest)}, a {late.kind} of {late.repository}: {output.one_line(late.error)}"
        )
        output.say(f"{counted(late.number, 'letter')} not taken yet, and tried again: {said}")
    if not found:
        output.say("no letter was given up" if late or quiet else NONE)
        return
    rows = [
        (str(each.id), ago(each.at, now), f"{each.forge}/{each.repository}", each.kind, each.about, each.error)
        for each in found
    ]
    tables.print_table(("id", "when", "repository", "kind", "about", "why"), rows, shared=("repository", "kind"))
    output.say("once that is mended: pushboat letters resend --all")


@letters.command()
@click.argument("ids", metavar="[ID]...", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="All that was given up.")
@click.pass_context
def resend(ctx: click.Context, ids: tuple[int, ...], *, every: bool) -> None:
    """Send letters again that were given up, in their order; what something newer has replaced stays unsent.

    Forges that did not know our token are asked again at once.
    """
    if bool(ids) == every:
        raise click.UsageError("say which letters, or --all; `pushboat letters list` numbers them")
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        done = giving_up.put_all_back(store) if every else giving_up.put_back(store, ids)
        quieting.end_unknown(store)
        wake(operator, store)
    if missing := sorted(set(ids) - {*done.again, *done.over}):
        named = ", ".join(map(str, missing))
        raise NoSuchLetter(f"{named}: no letter of this number was given up; `pushboat letters list` shows those")
    if done.over:
        output.say(f"{counted(len(done.over), 'letter')} stay unsent: something newer has taken their place")
    output.say(f"{counted(len(done.again), 'letter')} on the way again" if done.again or done.over else NONE)


def _form(one: GivenUp) -> dict[str, Any]:
    return {
        "id": one.id,
        "forge": one.forge,
        "repository": one.repository,
        "kind": one.kind,
        "about": one.about,
        "path": one.path,
        "reason": one.error,
        "at": moment(one.at),
    }


def _pause(one: Quiet) -> dict[str, Any]:
    return {"credential": one.credential, "seconds": round(one.left, 1), "reason": one.reason}


def _late(late: LateLetters | None) -> dict[str, Any] | None:
    if late is None:
        return None
    said = {"repository": late.repository, "kind": late.kind, "reason": late.error}
    return {"number": late.number, "seconds": round(late.oldest, 1), **said}
