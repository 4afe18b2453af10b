"""How many objects a deployment deleted and made anew, and how many the cluster refused in a plan."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: nothing was recreated so far, and what was refused was not counted."""
    for name in ("recreated", "refused"):
        op.add_column("deployment", sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0")))
