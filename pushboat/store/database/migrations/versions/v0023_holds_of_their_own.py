"""Holds that stand ahead of their time, spare a person, what has begun, or whoever broke the glass."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. What was tried before and waits now may have written: it counts as begun."""
    op.add_column("hold", sa.Column("begins_at", sa.Double, nullable=False, server_default=sa.text("0")))
    op.add_column("hold", sa.Column("spares", sa.Text, nullable=False, server_default=""))
    op.add_column("hold", sa.Column("begun", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("hold", sa.Column("breakable", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("deployment", sa.Column("begun", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("deployment", sa.Column("glass", sa.Text, nullable=False, server_default=""))
    op.execute(
        sa.text("UPDATE deployment SET begun = :yes WHERE state IN ('queued', 'running') AND attempts > 0").bindparams(
            yes=True
        )
    )
