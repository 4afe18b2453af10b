"""Merge groups that are deployed before they merge."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table: until now a merge queue's groups were planned only."""
    texts = ("repository", "environment", "sha", "ref", "base", "base_sha", "author")
    op.create_table(
        "merge_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in texts),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0")) for name in ("number", "begun")),
        sa.Column("asked_at", sa.Double, nullable=False, server_default=sa.text("0")),
        sa.UniqueConstraint("repository", "environment", "ref", "sha", name="merge_group_once"),
    )
