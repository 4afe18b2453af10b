"""Letters that end something, which go first and are read back; what was given up; why a forge is quiet."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0053"
branch_labels = None
depends_on = None
oldest = "0053"


def upgrade() -> None:
    """Add them; letters of before end nothing, so they go in their order and are not read back."""
    op.add_column("outbox", sa.Column("ends", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("read_back_at", sa.Double, nullable=False, server_default=sa.text("0")))
    op.add_column("forge_hold", sa.Column("reason", sa.Text, nullable=False, server_default=""))
    _index("outbox_ending", "forge", "id", where="sent_at IS NULL AND ends")
    _index("outbox_read_back", "forge", "read_back_at", where="read_back_at > 0")
    _index("outbox_given_up", "forge", "id", where="outcome = 'dead'")


def _index(name: str, *columns: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "outbox", list(columns), sqlite_where=condition, postgresql_where=condition)
