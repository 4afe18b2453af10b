"""Allowances: how much each forge still lets us ask."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; they come with the next answers."""
    op.create_table(
        "allowance",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("host", "kind")),
        *(
            sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0"))
            for name in ("remaining", "most")
        ),
        sa.Column("resets_at", sa.Double, nullable=False, server_default=sa.text("0")),
    )
