"""`pushboat deploy REPOSITORY ENVIRONMENT` and whatever else may be asked for: made from the table of commands.

The ask is stored as a delivery of its own, beside those of the forges, so that order, audit and lists are the same.
"""

from collections.abc import Callable
from typing import Any

import click

from cli import configuration, confirming, elsewhere, following, foretelling, output, putting_back, same_file
from cli.asker import asker
from cli.following import Manner
from cli.opening import opened_store
from cli.sending import send
from cli.vantage import Here
from cli.waking import wake
from pushboat.config.durations import seconds
from pushboat.config.operator import Operator
from pushboat.model.ask import Ask, Source
from pushboat.model.deployment import Lane
from pushboat.model.wording import near_miss
from pushboat.routing.command import ENVIRONMENT, YES, Command, Option, table
from pushboat.store import deliveries
from pushboat.store.database.engine import Store

LIMIT = "20m"


def command(word: str) -> click.Command:
    """Make the command line's command for a word of the table."""
    asked = table()[word]

    def run(repository: str, environment: str, **given: Any) -> int:
        return ask(click.get_current_context(), asked, repository, environment, given)

    return click.Command(word, callback=run, params=_parameters(asked), help=asked.about)


def ask(ctx: click.Context, asked: Command, repository: str, environment: str, given: dict[str, Any]) -> int:
    """Store the ask, wake the dispatcher, and follow what becomes of it; or send it to the Pushboat that is meant."""
    sure = given.pop("yes", "")
    manner = Manner(wait=given.pop("wait"), as_json=given.pop("as_json"), limit=given.pop("timeout"), sure=bool(sure))
    arguments = {name: value for name, value in given.items() if value}
    if there := elsewhere.named():
        return send(there, asked, repository, environment, arguments, manner)
    operator = configuration.load(ctx)
    spelled = operator.spelled(repository)
    if asked.typed:
        _demand_its_place(operator, Lane(repository=spelled or repository, environment=environment))
    if not spelled:
        hint = near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no repository {output.one_line(repository)}; {hint or 'none yet'}")
    with opened_store(operator) as store:
        lane = Lane(repository=spelled, environment=environment)
        if not _means_it(operator, store, asked, lane, arguments, sure):
            output.say("nothing was done")
            return following.NO
        same_file.await_readers(configuration.path(ctx), operator, store)
        number = _store(store, asked.word, spelled, environment, arguments)
        wake(operator, store)
        vantage = Here(store=store, public_url=operator.public_url)
        url = f"{operator.public_url.rstrip('/')}/deliveries/{number}"
        return following.follow_through(vantage, number, url, asked.ends_as, manner)


def _demand_its_place(operator: Operator, lane: Lane) -> None:
    with opened_store(operator) as store:
        putting_back.demand(operator, store, lane)


def _means_it(
    operator: Operator, store: Store, asked: Command, lane: Lane, arguments: dict[str, str], sure: str
) -> bool:
    """Say first what would happen where that may hurt, and hear whether it is meant."""
    if asked.typed:
        return confirming.confirmed(operator, store, lane, sure, skip_hooks="skip_hooks" in arguments)
    if asked.about_releases:
        return foretelling.agreed_here(operator, store, lane, arguments, sure=bool(sure))
    return True


def _store(store: Store, word: str, repository: str, environment: str, arguments: dict[str, str]) -> int:
    wanted = Ask(
        word=word,
        who=asker(),
        source=Source.COMMAND,
        repository=repository,
        environment=environment,
        arguments=arguments,
        sha=arguments.get("sha", ""),
    )
    return deliveries.accept_ask(store, wanted)


def _readable(one: Option) -> Callable[[click.Context, click.Parameter, str], str]:
    """Refuse at the terminal what the command could not read either."""

    def check(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
        try:
            if text:
                one.read(text)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error
        return text

    return check


def _duration(_context: click.Context, _parameter: click.Parameter, text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _option(one: Option) -> click.Option:
    if not one.metavar:
        return click.Option([one.written, one.name], is_flag=True, flag_value=YES, default="", help=one.help)
    return click.Option(
        [one.written, one.name], metavar=one.metavar, default="", help=one.help, callback=_readable(one)
    )


def _consent(asked: Command) -> list[click.Parameter]:
    if asked.typed:
        return [click.Option(["--yes"], metavar="NAME", default="", help="Its name, instead of typing it.")]
    return [click.Option(["--yes"], is_flag=True, help="Do not ask.")] if asked.about_releases else []


def _names(asked: Command) -> list[tuple[str, str]]:
    """Name the environments that a command is given, each with the word that stands for it."""
    return list(zip(asked.names, asked.shown, strict=True)) if ENVIRONMENT in asked.names else [(ENVIRONMENT,) * 2]


def _parameters(asked: Command) -> list[click.Parameter]:
    return [
        click.Argument(["repository"]),
        *(click.Argument([name], metavar=shown.upper()) for name, shown in _names(asked)),
        *(click.Argument([name], default="") for name in asked.optional),
        *(_option(one) for one in asked.options),
        *_consent(asked),
        click.Option(["--wait/--no-wait", "wait"], default=True, help="Follow it until it has ended.  [default: wait]"),
        click.Option(
            ["--timeout", "timeout"],
            default=LIMIT,
            metavar="DURATION",
            show_default=True,
            callback=_duration,
            help="How long to follow it; it goes on without us.",
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="Print for programs."),
    ]
