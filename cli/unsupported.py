"""The commands that the contract names and this version lacks: said plainly instead of "no such command"."""

import click

from pushboat.errors import NotYetSupported

UNSUPPORTED = ("init", "check", "plan", "deploy", "rollback", "cancel", "logs", "why")


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
