"""The commands that the contract names and this version lacks: said plainly instead of "no such command"."""

import click

from pushboat.errors import NotYetSupported
from pushboat.model.command_words import COMMAND_LINE_WORDS

UNSUPPORTED = ("recover", *sorted(COMMAND_LINE_WORDS))
"""Looked at after those that there are, so that a word leaves by being made."""


def refusal(command: str) -> click.Command:
    """Make a command that takes any arguments and says that it is not there yet."""

    def refuse(**_words: object) -> None:
        raise NotYetSupported(f"not yet supported: pushboat {command}")

    return click.Command(
        command.split()[-1],
        callback=refuse,
        params=[click.Argument(["words"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        help="Not yet supported.",
        hidden=True,
    )
