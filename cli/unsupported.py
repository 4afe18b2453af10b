"""What is refused plainly: commands that this version lacks, and those that would act here where elsewhere is meant."""

import os
from collections.abc import Callable
from urllib.parse import urlsplit

import click

from pushboat.errors import NotYetSupported
from pushboat.model.command_words import COMMAND_LINE_WORDS

ADDRESS = "PUSHBOAT_URL"
"""Names a Pushboat elsewhere, which is then meant."""

HERE_ONLY = ("audit", "db", "holds", "hook", "letters", "notify", "rbac", "recover", "repository", "token")
"""What looks into the store, clusters and forges of the machine it runs on, beside the words that ask for something."""

UNSUPPORTED = tuple(sorted(COMMAND_LINE_WORDS))
"""Looked at after those that there are, so that a word leaves by being made."""


def refusal(command: str) -> click.Command:
    """Make a command that takes any arguments and says that it is not there yet."""

    def refuse(**_words: object) -> None:
        raise NotYetSupported(f"not yet supported: pushboat {command}")

    return _refusing(command, refuse, "Not yet supported.")


def _refusing(command: str, refuse: Callable[..., None], said: str) -> click.Command:
    """Make a command that takes whatever comes, to refuse it."""
    return click.Command(
        command.split()[-1],
        callback=refuse,
        params=[click.Argument(["words"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        help=said,
        hidden=True,
    )


def meant_elsewhere(command: str) -> click.Command:
    """Make a command that says that it cannot act on the Pushboat that is meant: here it would act on another one."""

    def refuse(**_words: object) -> None:
        host = urlsplit(os.environ[ADDRESS]).hostname  # what else stands there may be a password
        raise NotYetSupported(
            f"`pushboat {command}` works only where Pushboat runs, and {ADDRESS} means {host}",
            f"To act on the one here: env -u {ADDRESS} pushboat {command} …",
        )

    return _refusing(command, refuse, f"Works only where Pushboat runs, and {ADDRESS} means another one.")
