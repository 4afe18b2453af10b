"""The newest commit of a ref that left many environments as they were, in one row for all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; what commits left as it was until now has a row in each of its lanes."""
    op.create_table(
        "repetition",
        sa.Column("repository", sa.Text, primary_key=True),
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("sha", sa.Text, nullable=False, server_default=""),
        sa.Column("author", sa.Text, nullable=False, server_default=""),
        sa.Column("cause", sa.Text, nullable=False, server_default=""),
        sa.Column("delivery_id", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("at", sa.Double, nullable=False, server_default=sa.text("0")),
        sa.Column("newest", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("environments", sa.Text, nullable=False, server_default=""),
    )
