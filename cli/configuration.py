"""Where the operator's file is found, and how a command gets it: `--config`, PUSHBOAT_CONFIG, or here."""

import os
import shlex
from pathlib import Path

import click

from cli import offline
from cli.carried import carried
from pushboat.config import operator as operator_file
from pushboat.config.health import Rules
from pushboat.config.operator import Operator
from pushboat.config.repository import FILE_NAME
from pushboat.policy.own import OwnRule

EXAMPLE = carried("examples", "pushboat.yaml") / "pushboat.yaml"


class NotSetUp(click.ClickException):
    """The store is not there yet, or of another version; `fix` is the command that helps.

    No UsageError: how the command is written is not the trouble, so its usage is not printed.
    """

    def __init__(self, sentence: str, fix: str) -> None:
        super().__init__(sentence)
        self.fix = fix


class NoFile(NotSetUp):
    """There is no operator's file where it is looked for."""


def path(ctx: click.Context) -> Path:
    """Say which file is meant, as an absolute path; it need not exist."""
    return Path(ctx.find_root().obj or "pushboat.yaml").expanduser().absolute()


def load(ctx: click.Context) -> Operator:
    """Read the operator's file with all its secrets, for a command that acts.

    Raises:
        ConfigurationError: with every mistake.
    """
    return operator_file.load(_found(ctx), os.environ)


def load_without_webhook_secrets(ctx: click.Context) -> Operator:
    """Read the operator's file for a command that brings webhook secrets: those that are not there yet are empty.

    Raises:
        ConfigurationError: with every other mistake.
    """
    return operator_file.load(_found(ctx), os.environ, lacks_webhook_secrets=True)


def load_for_reading(ctx: click.Context) -> Operator:
    """Read the operator's file for a command that only looks into the store: it needs none of the forges' secrets.

    Raises:
        ConfigurationError: with every mistake but secrets that are not there.
    """
    return offline.load(_found(ctx), with_store=True)


def health_rules(ctx: click.Context) -> Rules:
    """Give the operator's rules of health; none where nobody named a file and there is none here.

    Raises:
        ConfigurationError: with every mistake but secrets that are not there.
    """
    if not ctx.find_root().obj and not path(ctx).is_file():
        return {}
    return offline.load(_found(ctx)).health


def own_rules(ctx: click.Context) -> tuple[OwnRule, ...]:
    """Give the rules of policy that the operator wrote; none where nobody named a file and there is none here.

    Raises:
        ConfigurationError: with every mistake but secrets that are not there.
    """
    if not ctx.find_root().obj and not path(ctx).is_file():
        return ()
    return offline.load(_found(ctx)).rules


def _found(ctx: click.Context) -> Path:
    file = path(ctx)
    if not file.is_file():
        raise NoFile(f"there is no {file}: {_which_is_meant(file)}", _how_to_get(file))
    return file


def _which_is_meant(file: Path) -> str:
    """Say what to do without the file: most often somebody stands in the repository's folder, beside its own file."""
    own = f"; {FILE_NAME} beside it is the repository's own" if (file.parent / FILE_NAME).is_file() else ""
    for folder in file.parent.parents:
        if (near := folder / file.name).is_file():
            return f"name the one that is meant, perhaps --config {shlex.quote(os.path.relpath(near))}{own}"
    return f"write one, or name yours with --config or PUSHBOAT_CONFIG{own}"


def _how_to_get(file: Path) -> str:
    if EXAMPLE.is_file():
        return f"cp {shlex.quote(str(EXAMPLE))} {shlex.quote(str(file))}  # then edit it"
    return f"write {file}; `pushboat doctor` then names every mistake in it"
