"""`pushboat holds`: all that keeps something from starting, who ends it and how; and ending one by its number."""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence

import click

from cli import configuration, output
from cli.asker import asker
from cli.opening import opened_store
from cli.output import AS_JSON
from cli.waking import wake
from pushboat.config.operator import Operator
from pushboat.errors import PushboatError
from pushboat.model.hold import Hold
from pushboat.model.wording import counted, ended_by, some
from pushboat.reading import known
from pushboat.reading.held import hold_form, place
from pushboat.routing.holds import in_order, in_words, sentence
from pushboat.store import holds as held
from pushboat.store import lifting
from pushboat.store.database.engine import Store
from pushboat.store.freezing import FREEZE

GLASS = '`pushboat deploy REPOSITORY ENVIRONMENT --break-glass "reason"`'


class NoSuchHold(PushboatError):
    """The store has no hold of this number, or no longer."""


class StandsInTheFile(PushboatError):
    """It would come back at once."""


@click.command()
@click.argument("repository", default="")
@click.argument("environment", default="")
@click.option(
    "--end", type=int, metavar="ID", help="End this one, whatever kind it is of; it stays written down who did."
)
@click.option("--yes", is_flag=True, help="With --end: do not ask.")
@AS_JSON
@click.pass_context
def holds(
    ctx: click.Context, repository: str, environment: str, *, end: int | None, yes: bool, as_json: bool
) -> int | None:
    """List what keeps deployments from starting, in the order in which it will end.

    Locks, pauses, freezes, pins and whatever single deployments wait for, each with who can end it and how.
    """
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        if end is not None:
            return _end(operator, store, end, yes=yes, as_json=as_json)
        now, every = store.now(), held.listed(store)
        there = known.everywhere(store, operator)
        found = _chosen(operator, there, every, repository, environment)
    if as_json:
        output.print_json({"items": [hold_form(each, now) for each in found], "next": None})
    for line in () if as_json else _lines(found, now):
        output.data(line)
    if not (found or as_json):
        output.say("nothing is held: whatever is pushed may start")
    return None


def _chosen(
    operator: Operator, there: Mapping[str, Collection[str]], every: Sequence[Hold], repository: str, environment: str
) -> list[Hold]:
    """Pick what holds a repository, or one of its environments; what was never heard of is refused."""
    places = {name: {*environments} for name, environments in there.items()}
    for hold in every:  # also of what has left the file
        places.setdefault(hold.scope.repository, set()).add(hold.scope.environment)
    named = operator.alike(repository, places) if repository else ()
    if repository and not named:
        listed = ", ".join(sorted(name for name in places if name)) or "none yet"
        raise click.UsageError(f"there is no repository {output.one_line(repository)}; there are: {listed}")
    its = set[str]().union(*(places[name] for name in named))
    if environment and environment not in its:
        listed = ", ".join(some(sorted(name for name in its if name))) or "none yet"
        raise click.UsageError(f"there is no environment {output.one_line(environment)}; there are: {listed}")
    return in_order(
        hold
        for hold in every
        if (not repository or hold.scope.repository in ("", *named))
        and (not environment or hold.scope.environment in ("", environment))
    )


def _lines(found: Sequence[Hold], now: float) -> Iterator[str]:
    for hold in found:
        told = in_words(hold)
        ahead = ", not yet" if hold.begins > now else ""
        yield f"{hold.id:>5}  {output.one_line(place(hold.scope))}{ahead}"
        yield f"       {output.one_line(told.sentence)}"
        if way := ended_by(told.who, told.ends_by):
            yield f"       {output.one_line(way)}"


def _end(operator: Operator, store: Store, number: int, *, yes: bool, as_json: bool) -> int:
    hold = next((each for each in held.listed(store) if each.id == number), None)
    if hold is None:
        raise NoSuchHold(f"there is no hold {number} any more; `pushboat holds` lists those there are")
    if hold.kind == FREEZE:
        raise StandsInTheFile(f"pushboat.yaml has this window: take it out there, or pass it ({GLASS})")
    output.say(f"{place(hold.scope)}: {sentence(hold)}")
    if not (yes or not sys.stdin.isatty() or click.confirm("End it?", err=True)):
        output.say("nothing was done")
        return 1
    ended = lifting.end(store, number, asker())
    if ended is None:
        raise NoSuchHold(f"hold {number} has ended meanwhile; `pushboat holds` lists those there are")
    wake(operator, store)
    if as_json:
        output.print_json({**hold_form(hold, store.now()), "delivery": ended.delivery, "waited": ended.waited})
    waited = f"{counted(ended.waited, 'deployment')} waited for it" if ended.waited else "nothing waited for it"
    output.say(f"ended, as delivery {ended.delivery}: {waited}")
    return 0
