"""What may stand anywhere on the line, before the command's name or behind it: `--config FILE` and `--json`.

Every command gets `--config` here, so that none can forget it; `--json` before a command that has none is refused, as
it is behind it.
"""

from typing import TypeVar

import click

from cli.output import JSON_ASKED

AnyCommand = TypeVar("AnyCommand", bound=click.Command)


def _remember_config(ctx: click.Context, _option: click.Parameter, value: str | None) -> None:
    """Let the file that stands nearest to the command win."""
    if value is not None:
        ctx.find_root().obj = value


def _remember_json(ctx: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's order
    ctx.meta[JSON_ASKED] = value or ctx.meta.get(JSON_ASKED, False)


JSON_AHEAD = click.option(
    "--json", "json_ahead", is_flag=True, hidden=True, expose_value=False, callback=_remember_json
)
"""For a group: its commands hear of it."""


def with_options(command: AnyCommand) -> AnyCommand:
    """Give a command, and all below it, the options that may stand anywhere."""
    names = {option for param in command.params for option in param.opts}
    if "--config" not in names:
        command.params.append(
            click.Option(
                ["--config"],
                type=click.Path(),
                expose_value=False,
                callback=_remember_config,
                help="The operator's file.  [default: PUSHBOAT_CONFIG, ./pushboat.yaml]",
            )
        )
    if isinstance(command, click.Group):
        if "--json" not in names:
            JSON_AHEAD(command)
        for below in command.commands.values():
            with_options(below)
    elif "--json" not in names:
        command.params.append(
            click.Option(["--json"], is_flag=True, hidden=True, expose_value=False, callback=_refuse_json)
        )
    return command


def _refuse_json(ctx: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's order
    if value or ctx.meta.get(JSON_ASKED):
        raise click.NoSuchOption("--json", ctx=ctx)
