"""Holds: why something may not start yet."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    texts = ("kind", "repository", "environment", "subject", "by_whom", "reason")
    op.create_table(
        "hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in texts),
        sa.Column("deployment", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("since", sa.Double, nullable=False, server_default=sa.text("0")),
        sa.Column("ends_at", sa.Double, nullable=True),
        sa.Column("plans", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("kind", "repository", "environment", "deployment", "subject", name="hold_once"),
    )
