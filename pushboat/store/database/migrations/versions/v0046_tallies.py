"""Tallies: what was counted of rows that are gone, so that no count ever falls."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; of what went before nobody knows."""
    op.create_table(
        "tally",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("what", "first", "second", "third")),
        sa.Column("number", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("seconds", sa.Double, nullable=False, server_default=sa.text("0")),
    )
