"""Stores as commands name them: by an operator's file, or by an address, whose password stands in no argument."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from pushboat.config import operator as operator_file
from pushboat.config.urls import has_password
from pushboat.store.database import soundness
from pushboat.store.database.engine import Store, open_store


@contextmanager
def named_store(written: str) -> Iterator[Store]:
    """Open the store that is meant.

    Raises:
        UsageError: no store can be meant by this.
        ConfigurationError: it is an operator's file, with mistakes.
        StoreDamaged: its file is broken.
        StoreUnavailable: it is no store that there can be.
    """
    with closing(open_store(*_place(written))) as store:
        soundness.refuse_damaged(store)
        yield store


def _place(written: str) -> tuple[str, Path]:
    kind, _, rest = written.partition(":")
    if kind == "env" and rest:
        if not (url := os.environ.get(rest, "")):
            raise click.UsageError(f"the environment variable {rest} is empty or missing")
        return url, Path()
    if kind == "file" and rest:
        try:
            return Path(rest).read_text().strip(), Path()
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(f"{rest} cannot be read: {error}") from error
    if "://" not in written:
        operator = operator_file.load(Path(written), os.environ, lacks_webhook_secrets=True)
        return operator.store, operator.state
    if has_password(written):
        raise click.UsageError("a password among arguments is seen by everybody here: write env:NAME or file:PATH")
    return written, Path()
