"""While Pushboat is upgraded, the version before goes on where the newer one says so, and else says what to run."""

import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from pushboat.errors import StoreDamaged
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.side_by_side import Fit, fit_of, refuse_unfit

SIDE_BY_SIDE_SINCE = "0053"
"""From this migration on, those before must be able to go on; what is older was never run beside another version."""
BREAKS = re.compile(r"\b(DROP|RENAME|ALTER COLUMN|SET NOT NULL)\b|ADD COLUMN (?!.*DEFAULT).*NOT NULL")
"""What code that does not know of it stumbles over."""


@pytest.fixture
def bare(empty_url: str, tmp_path: Path) -> Iterator[Store]:
    """A store without tables, on each database."""
    store = open_store(empty_url, tmp_path)
    yield store
    store.close()


def of_version(store: Store, version: str, oldest: str | None) -> None:
    """Make a store's tables those of another version, as far as it says."""
    with store.writing() as tx:
        change = sa.text("UPDATE alembic_version SET version_num = :version, oldest = :oldest")
        tx.change(change, version=version, oldest=oldest)


def test_the_version_before_goes_on_beside_a_newer_one(store: Store) -> None:
    """The newer one has upgraded the tables and says that those before may go on: I start again, and may."""
    assert fit_of(store) is Fit.SAME
    of_version(store, "9999", migrations.newest())
    assert refuse_unfit(store) is Fit.NEWER
    of_version(store, "9999", migrations.known()[1])
    assert refuse_unfit(store) is Fit.NEWER


@pytest.mark.parametrize("oldest", [None, "9998", "9999"])
def test_a_version_that_is_too_old_says_so(store: Store, oldest: str | None) -> None:
    """The newer one has tables that I would spoil: I refuse to begin, and say what to start instead."""
    of_version(store, "9999", oldest)
    with pytest.raises(StoreDamaged, match="start the newer Pushboat"):
        refuse_unfit(store)


def test_tables_of_before_are_upgraded_first(bare: Store) -> None:
    """My new version meets tables of before, or none: it names the command, and after that it begins."""
    with pytest.raises(StoreDamaged, match="pushboat db upgrade"):
        refuse_unfit(bare)
    migrations.upgrade(bare, migrations.known()[1])
    with pytest.raises(StoreDamaged, match="pushboat db upgrade"):
        refuse_unfit(bare)
    migrations.upgrade(bare)
    assert refuse_unfit(bare) is Fit.SAME


def scripts() -> ScriptDirectory:
    """Read the migrations."""
    return ScriptDirectory(str(Path(migrations.__file__).parent))


def test_every_migration_says_who_may_go_on_beside_it() -> None:
    """Whoever writes a migration decides it: from the one before on, unless it says why not."""
    for script in scripts().walk_revisions():
        if script.revision >= SIDE_BY_SIDE_SINCE:
            assert getattr(script.module, "oldest", None) in {script.down_revision, script.revision}, script.revision


def sql_of(upgrade: Callable[[], None]) -> str:
    """Write out what a migration runs on Postgres."""
    written = StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written, "literal_binds": True}
    )
    with Operations.context(context):
        upgrade()
    return written.getvalue()


def test_no_migration_takes_anything_from_the_version_before() -> None:
    """What says that those before may go on takes away nothing that they use, and asks nothing of them that is new."""
    for script in scripts().walk_revisions():
        if script.revision >= SIDE_BY_SIDE_SINCE and script.module.oldest != script.revision:
            assert not BREAKS.search(sql_of(script.module.upgrade)), script.revision


@pytest.mark.parametrize(
    "change",
    [
        lambda: op.drop_column("caption", "author"),
        lambda: op.add_column("caption", sa.Column("mood", sa.Text, nullable=False)),
        lambda: op.alter_column("caption", "author", new_column_name="writer"),
        lambda: op.alter_column("caption", "author", nullable=False),
    ],
)
def test_what_takes_something_away_is_noticed(change: Callable[[], None]) -> None:
    """The rule knows what breaks those before."""
    assert BREAKS.search(sql_of(change))


def test_what_only_adds_is_none_of_it() -> None:
    """A table and a column with a default are nothing that those before see."""
    assert not BREAKS.search(sql_of(lambda: op.create_table("mood", sa.Column("id", sa.Integer, primary_key=True))))
    column = sa.Column("mood", sa.Text, nullable=False, server_default="")
    assert not BREAKS.search(sql_of(lambda: op.add_column("caption", column)))
