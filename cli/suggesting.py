"""What a shell completes where a repository or an environment stands: the names that there are, here or elsewhere.

Where they are looked up is loaded when a shell asks; a command that only runs does not wait for it.
"""

import importlib
from collections.abc import Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

KNOWN = "cli.known_names"
REPOSITORIES, ENVIRONMENTS = ("repository",), ("environment", "from")
"""How arguments are called that take such a name; `from` is the one that a promotion begins at."""


class Repository(click.types.StringParamType):
    """The name of a repository."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Give the repositories that begin so."""
        del param
        return _begun(_known(ctx), incomplete)


class Environment(click.types.StringParamType):
    """The name of an environment of the repository before it."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Give the environments that begin so."""
        del param
        wanted = str(ctx.params.get("repository") or "").lower()
        names = (each for repository, each in _known(ctx).items() if repository.lower() == wanted)
        return _begun(next(names, ()), incomplete)


def with_names(command: click.Command) -> click.Command:
    """Let a command, and all below it, complete names of repositories and environments."""
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        with_names(below)
    for param in command.params:
        if isinstance(param, click.Argument) and isinstance(param.type, click.types.StringParamType):
            if param.name in REPOSITORIES:
                param.type = Repository()
            elif param.name in ENVIRONMENTS:
                param.type = Environment()
    return command


def _known(ctx: click.Context) -> Any:
    return importlib.import_module(KNOWN).known_names(ctx)


def _begun(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in sorted(names) if name.startswith(incomplete)]
