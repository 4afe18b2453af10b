"""Removals that run no hooks, environments that have left a file, and where each release's environment lay."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: nothing was removed so far, and nobody looked for what had left."""
    op.add_column("deployment", sa.Column("skip_hooks", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("release", sa.Column("place", sa.Text, nullable=False, server_default=""))
    op.add_column("lane", sa.Column("left_with", sa.Text, nullable=False, server_default=""))
