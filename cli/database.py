"""`pushboat db`: the store's tables."""

from contextlib import closing

import click

from cli import configuration, output
from cli.locking import holder
from cli.opening import opened_store
from cli.output import AS_JSON
from cli.readiness import HEARTBEAT_LIVES, living
from cli.stores import named_store
from pushboat.errors import CommandRefused
from pushboat.store.database import copying, migrations, moving, soundness
from pushboat.store.database.copying import Copied
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.moving import refuse_moved
from pushboat.store.database.ownership import give_to_folders_owner
from pushboat.store.database.side_by_side import NEWER, Fit, fit_of
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
    with closing(open_store(operator.store, operator.state)) as store:
        new = store.file is not None and not store.file.exists()
        soundness.refuse_damaged(store)
        refuse_moved(store)
        if (fit := fit_of(store)) is Fit.SAME:
            output.say("the store is up to date, nothing to do", glyph="✔")
        elif fit is Fit.NEWER:
            output.say(NEWER, glyph="!")
        else:
            migrations.upgrade(store)
            if new and store.file:
                give_to_folders_owner(store.file)
            output.say("the store is upgraded", glyph="✔")


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


@db.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@AS_JSON
def copy(source: str, target: str, *, as_json: bool) -> None:
    """Move a store: copy it into an empty one, hold the two against each other, and leave this one closed.

    FROM and TO are operator's files, whose `store` is meant, or addresses: sqlite:///PATH, postgresql+psycopg://…
    without a password, env:NAME or file:PATH for one with it.

    Pushboat may run: from the first moment on it answers 503 and its deployments stand still, and nothing that it
    accepted is lost. Then put the new address under `store` and start it again. What breaks off can be said again;
    `pushboat db reopen` goes back.
    """
    with named_store(source) as old, named_store(target) as new:
        place = new.address
        if old.address == place:
            raise click.UsageError("FROM and TO are the same store")
        if not migrations.is_current(old):
            raise CommandRefused("the store is of another version of Pushboat: run `pushboat db upgrade` first")
        migrations.upgrade(new)
        rows = _moved(old, new)
    if as_json:
        output.print_json({"rows": rows, "to": place})
    output.say(f"{rows:,} rows are in {place}; this store is closed", glyph="✔")
    output.say("put it under `store` in the operator's file and start Pushboat again")


def _moved(old: Store, new: Store) -> int:
    """Copy a store that nobody writes to meanwhile; where that cannot be done, it is as before."""
    closed = moving.close(old, new.address)
    try:
        return copying.copy(old, new, _tell)
    except BaseException:
        if closed:  # else it had moved before, or we were killed halfway
            moving.reopen(old)
        raise


def _tell(copied: Copied) -> None:
    if copied.rows:
        output.say(f"  {copied.table}: {copied.rows:,}")


@db.command()
@click.pass_context
def reopen(ctx: click.Context) -> int:
    """Go on with a store that was moved: what was accepted since stands in the other one."""
    operator = configuration.load(ctx)
    with closing(open_store(operator.store, operator.state)) as store:
        reopened = moving.reopen(store)
    output.say("it is open again" if reopened else "it has not moved", glyph="✔" if reopened else "✗")
    return 0 if reopened else 1


def _mib(size_in_bytes: int) -> str:
    return f"{size_in_bytes / 2**20:,.1f} MiB"
