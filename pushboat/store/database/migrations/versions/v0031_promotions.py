"""Promotions: from which environment's release a deployment comes."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: until now nothing was promoted."""
    op.add_column("deployment", sa.Column("promoted_from", sa.Text, nullable=False, server_default=""))
    op.add_column(
        "deployment", sa.Column("promoted_release", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    )
