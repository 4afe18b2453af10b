"""Traces: what was told of them, when routing began, and deliveries by when they were routed."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None
oldest = "0052"


def upgrade() -> None:
    """Add them; the row comes with the first process that sends traces."""
    zero = sa.text("0")
    op.create_table(
        "trace",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("installation", sa.Text, nullable=False, server_default=""),
        *(
            column
            for what in ("delivery", "deployment", "letter")
            for column in (
                sa.Column(f"{what}_at", sa.Double, nullable=False, server_default=zero),
                sa.Column(what, sa.BigInteger, nullable=False, server_default=zero),
            )
        ),
        sa.Column("trouble", sa.Text, nullable=False, server_default=""),
        sa.Column("sent_at", sa.Double, nullable=False, server_default=zero),
        sa.Column("left_out", sa.BigInteger, nullable=False, server_default=zero),
        sa.Column("lease_owner", sa.Text, nullable=False, server_default=""),
        sa.Column("lease_until", sa.Double, nullable=False, server_default=zero),
    )
    op.add_column("delivery", sa.Column("taken_up_at", sa.Double, nullable=True))
    routed = sa.text("routed_at IS NOT NULL")
    op.create_index("delivery_routed", "delivery", ["routed_at"], sqlite_where=routed, postgresql_where=routed)
