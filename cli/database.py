"""`pushboat db`: the store's tables."""

import click

from cli import configuration, output
from pushboat.store.database import migrations, soundness
from pushboat.store.database.engine import open_store


@click.group()
def db() -> None:
    """Look after the store."""


@db.command()
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """Make or upgrade the store's tables; `serve` does it by itself."""
    operator = configuration.load(ctx)
    operator.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = open_store(operator.store, operator.state)
    soundness.refuse_damaged(store)
    try:
        if migrations.is_current(store):
            output.say("the store is up to date, nothing to do", glyph="✔")
        else:
            migrations.upgrade(store)
            output.say("the store is upgraded", glyph="✔")
    finally:
        store.close()
