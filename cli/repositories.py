"""`pushboat repository`: which repository at the forge a name of the operator's file stands for."""

import click

from cli import configuration, output
from cli.opening import opened_store
from pushboat.errors import CommandRefused
from pushboat.store import repositories


@click.group()
def repository() -> None:
    """Say which repository at the forge a name means."""


@repository.command()
@click.argument("name", metavar="REPOSITORY")
@click.argument("number", metavar="ID")
@click.pass_context
def accept(ctx: click.Context, name: str, number: str) -> None:
    """Let REPOSITORY (<forge>/<path>) mean the one with the forge's own ID, which the refused delivery names."""
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        if not repositories.accept(store, operator.canonical(name), number):
            raise CommandRefused(f"nothing has come from {name} yet: its first delivery decides which one is meant")
    output.say(f"{name} is the repository {number} from now on", glyph="✔")
    output.say("next: redeliver what was refused, from the webhook's page at the forge")
