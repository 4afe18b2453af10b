"""What is refused plainly: commands that would act here where a Pushboat elsewhere is meant."""

import os
from urllib.parse import urlsplit

import click

from pushboat.errors import NotYetSupported

ADDRESS = "PUSHBOAT_URL"
"""Names a Pushboat elsewhere, which is then meant."""

HERE_ONLY = ("db", "holds", "hook", "letters", "notify", "rbac", "recover", "repository", "token")
"""What looks into the store, clusters and forges of the machine it runs on, beside the words that ask for something."""


def meant_elsewhere(command: str) -> click.Command:
    """Make a command that says that it cannot act on the Pushboat that is meant: here it would act on another one."""

    def refuse(**_words: object) -> None:
        demand_here(command)

    return click.Command(
        command.split()[-1],
        callback=refuse,
        params=[click.Argument(["words"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        help=f"Works only where Pushboat runs, and {ADDRESS} means another one.",
        hidden=True,
    )


def demand_here(command: str) -> None:
    """Refuse a command that works only where Pushboat runs, where another one is meant.

    Raises:
        NotYetSupported: another one is.
    """
    if os.environ.get(ADDRESS):
        host = urlsplit(os.environ[ADDRESS]).hostname  # what else stands there may be a password
        raise NotYetSupported(
            f"`pushboat {command}` works only where Pushboat runs, and {ADDRESS} means {host}",
            f"To act on the one here: env -u {ADDRESS} pushboat {command} …",
        )
