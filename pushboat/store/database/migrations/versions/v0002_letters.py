"""Letters of any kind: what a status or a comment needs goes from columns of its own into one payload."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATUS = ("sha", "context", "state", "description", "path", "ref")
_REPLY = ("number", "body", "marker")


def upgrade() -> None:
    """Move the columns of every letter, sent or not, into its payload, and drop them."""
    op.add_column("outbox", sa.Column("payload", sa.Text, nullable=False, server_default="{}"))
    _move("status", "status", _STATUS)
    _move("comment", "reply", _REPLY)
    for index in ("outbox_unsent", "outbox_next"):
        op.drop_index(index, "outbox")
    with op.batch_alter_table("outbox") as table:  # SQLite copies the table: once, not once per column
        for name in (*_STATUS, *_REPLY):
            table.drop_column(name)
    _index("outbox_unsent", "stream", "id")
    _index("outbox_next", "forge", "id")


def _move(old: str, new: str, names: tuple[str, ...]) -> None:
    pairs = ", ".join(f"'{name}', {name}" for name in names)
    postgres = op.get_bind().dialect.name == "postgresql"
    document = f"CAST(json_build_object({pairs}) AS text)" if postgres else f"json_object({pairs})"
    update = f"UPDATE outbox SET kind = :new, payload = {document} WHERE kind = :old"  # noqa: S608 - our own names
    op.get_bind().execute(sa.text(update), {"old": old, "new": new})


def _index(name: str, *columns: str) -> None:
    unsent = sa.text("sent_at IS NULL")
    op.create_index(name, "outbox", list(columns), sqlite_where=unsent, postgresql_where=unsent)
