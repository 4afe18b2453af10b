"""Since when a deployment is in trouble or waits for health, and what its attempts set out to write."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("deployment", sa.Column("trouble_since", sa.Double, nullable=True))
    op.add_column("deployment", sa.Column("trouble_step", sa.Text, nullable=False, server_default=""))
    op.add_column("deployment", sa.Column("waiting_since", sa.Double, nullable=True))
    op.add_column("change_set", sa.Column("meant", sa.Text, nullable=False, server_default="[]"))
