"""`pushboat token`: who may ask the API from elsewhere, how far they see, and until when."""

from typing import Any

import click

from cli import configuration, output, tables
from cli.asker import asker
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat.config import durations
from pushboat.config.operator import Operator
from pushboat.model.api_token import ApiToken, Role
from pushboat.model.json_forms import moment
from pushboat.model.reach import EVERYTHING, Reach, reach_of
from pushboat.model.times import ago, exact
from pushboat.model.wording import near_miss
from pushboat.reading import known
from pushboat.store import api_tokens
from pushboat.store.database.engine import Store

LONGEST = 366 * durations.DAY
"""Seconds. What never ends is forgotten, and found by others."""


class Lasts(click.ParamType[float]):
    """A duration of days."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it."""
        if isinstance(value, float):
            return value
        try:
            return durations.some(value, LONGEST, "12h or 30d")
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


@click.group()
def token() -> None:
    """Let programs and people ask the API from elsewhere."""


@token.command()
@click.argument("name")
@click.option("--repository", default="", help="All that it sees is of this one.")
@click.option("--environment", default="", help="With --repository: and of it only this environment.")
@click.option("--all-repositories", "everything", is_flag=True, help="It sees every repository.")
@click.option(
    "--role", type=click.Choice([str(each) for each in Role]), default="viewer", show_default=True, help="What it may."
)
@click.option("--for", "lasts", type=Lasts(), default="30d", show_default=True, help="How long it counts.")
@AS_JSON
@click.pass_context
def create(
    ctx: click.Context,
    name: str,
    repository: str,
    environment: str,
    *,
    everything: bool,
    role: str,
    lasts: float,
    as_json: bool,
) -> None:
    """Make a token and print it, once: only a digest of it is kept.

    It is used as `PUSHBOAT_TOKEN`, or in the header `Authorization: Bearer …`.
    """
    if bool(repository) is everything or (environment and not repository):
        raise click.UsageError("say what it sees: --repository NAME [--environment NAME], or --all-repositories")
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        reach = _reach(operator, store, repository, environment)
        made, secret = api_tokens.create(store, name, reach, Role(role), lasts, asker())
    if as_json:
        output.print_json({**_form(made), "token": secret})
    else:
        output.data(secret)
    output.say(f"token {name} sees {_sees(made)} until {exact(made.expires_at)}; it is shown this once")


@token.command("list")
@AS_JSON
@click.pass_context
def list_(ctx: click.Context, *, as_json: bool) -> None:
    """List the tokens, newest first, those that count no more among them."""
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        found, now = api_tokens.listed(store), store.now()
    if as_json:
        output.print_json({"items": [_form(each) for each in found], "next": None})
    elif found:
        headings = ("name", "sees", "role", "counts", "last used", "made by")
        tables.print_table(headings, [_row(each, now) for each in found])
    else:
        output.say("there is no token; `pushboat token create` makes one")


@token.command()
@click.argument("name")
@AS_JSON
@click.pass_context
def revoke(ctx: click.Context, name: str, *, as_json: bool) -> None:
    """Let a token count no more, from its next question on."""
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        ended = api_tokens.revoke(store, name, asker())
    if as_json:
        output.print_json(_form(ended))
    output.say(f"token {name} counts no more")


def _reach(operator: Operator, store: Store, repository: str, environment: str) -> Reach:
    if not repository:
        return EVERYTHING
    spelled = operator.spelled(repository)
    if not spelled:
        hint = near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no repository {output.one_line(repository)}; {hint or 'none yet'}")
    project = operator.projects[spelled]
    if environment and environment not in project.environments:
        hint = near_miss(environment, known.environments(store, project))
        raise click.UsageError(f"{spelled} has no environment {output.one_line(environment)}; {hint or 'none yet'}")
    return reach_of(spelled, environment)


def _sees(one: ApiToken) -> str:
    return f"{one.reach.only} {one.reach.environment}".strip() or "every repository"


def _row(one: ApiToken, now: float) -> tuple[str, ...]:
    counts = f"until {exact(one.expires_at)}" if one.lives(now) else f"expired {ago(one.expires_at, now)}"
    if one.revoked_at is not None:
        counts = f"revoked {ago(one.revoked_at, now)}"
    used = ago(one.used_at, now) if one.used_at is not None else "never"
    return one.name, _sees(one), str(one.role), counts, used, one.created_by


def _form(one: ApiToken) -> dict[str, Any]:
    """Write a token without what opens anything; null for repository or environment means every one."""
    return {
        "id": one.id,
        "name": one.name,
        "repository": one.reach.only or None,
        "environment": one.reach.environment or None,
        "role": str(one.role),
        "created_by": one.created_by,
        "created_at": moment(one.created_at),
        "expires_at": moment(one.expires_at),
        "revoked_at": moment(one.revoked_at),
        "used_at": moment(one.used_at),
    }
