"""Patience counts only while it is somebody's doing; pushers are forgotten by their rows' order."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; with each push an index of pushers less is written, and a smaller one."""
    op.add_column("verification", sa.Column("again_at", sa.Double, nullable=True))
    op.drop_index("pusher_at", table_name="pusher")
    op.drop_index("pusher_sha", table_name="pusher")
    op.create_index("pusher_sha", "pusher", ["sha"])
