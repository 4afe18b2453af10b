"""Indexes by which the next repository's letters are found, however many another one has."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None
oldest = "0055"


def upgrade() -> None:
    """Add them: one of all that waits, one of what ends something."""
    for name, part in (("outbox_turn", "sent_at IS NULL"), ("outbox_turn_ending", "sent_at IS NULL AND ends")):
        where, columns = sa.text(part), ["forge", "repository", "id"]
        op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)
