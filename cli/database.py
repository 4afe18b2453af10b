"""`pushboat db`: the store's tables."""

import click

from cli import configuration, output
from cli.locking import holder
from cli.opening import opened_store
from cli.readiness import HEARTBEAT_LIVES, living
from pushboat.errors import CommandRefused
from pushboat.store.database import migrations, soundness
from pushboat.store.database.engine import open_store
from pushboat.store.database.vacuuming import size
from pushboat.store.database.vacuuming import vacuum as give_back


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


@db.command()
@click.pass_context
def vacuum(ctx: click.Context) -> None:
    """Give the room of what retention removed back to the disk; on SQLite, while Pushboat is stopped."""
    operator = configuration.load(ctx)
    with opened_store(operator) as store:
        serving = holder(operator.state)
        running = (serving is not None and serving[1]) or living(store, store.now() - HEARTBEAT_LIVES)
        if running and not store.postgres:
            raise CommandRefused(
                "Pushboat is running, and could take nothing in while its store is written anew: "
                f"stop it, wait {HEARTBEAT_LIVES:.0f} s and try again"
            )
        before = size(store)
        give_back(store)
        after = size(store)
    output.say(f"the store took {_mib(before)} and takes {_mib(after)} now", glyph="✔")


def _mib(size_in_bytes: int) -> str:
    return f"{size_in_bytes / 2**20:,.1f} MiB"
