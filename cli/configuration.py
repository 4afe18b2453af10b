"""Where the operator's file is found and how a command gets it and the store: `--config`, PUSHBOAT_CONFIG, or here."""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pushboat.config.operator import Operator
    from pushboat.store.database.engine import Store


EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "pushboat.yaml"
"""There in a checkout; an installed package has none."""


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


def load(ctx: click.Context) -> "Operator":
    """Read the operator's file with all its secrets.

    Raises:
        ConfigurationError: with every mistake.
    """
    from pushboat.config.operator import load as read

    file = path(ctx)
    if not file.is_file():
        raise NoFile(
            f"there is no {file}: write one, or name yours with --config or PUSHBOAT_CONFIG", _how_to_get(file)
        )
    return read(file, os.environ)


def _how_to_get(file: Path) -> str:
    if EXAMPLE.is_file():
        return f"cp {shlex.quote(str(EXAMPLE))} {shlex.quote(str(file))}  # then edit it"
    return f"write {file}; `pushboat doctor` then names every mistake in it"


@contextmanager
def store(operator: "Operator") -> Iterator["Store"]:
    """Open the store for one command; it must have been made and upgraded by `serve` or `db upgrade`.

    Raises:
        NotSetUp: it was not, or by another version.
        StoreDamaged: its file is broken.
        StoreUnavailable: it does not answer.
    """
    from cli.locking import holder
    from pushboat.store.database import migrations, soundness
    from pushboat.store.database.engine import open_store

    if not operator.store and not (operator.state / "pushboat.sqlite3").exists():
        raise NotSetUp(f"nothing has run in {operator.state} yet: start `pushboat serve` first", "pushboat serve")
    opened = open_store(operator.store, operator.state)
    serving = holder(operator.state)
    if not (serving and serving[1]):  # a `serve` that runs has looked at its start, and a large store takes seconds
        soundness.refuse_damaged(opened)
    try:
        if not migrations.is_current(opened):
            sentence = "the store's tables are of another version of Pushboat: run `pushboat db upgrade`"
            raise NotSetUp(sentence, "pushboat db upgrade")
        yield opened
    finally:
        opened.close()
