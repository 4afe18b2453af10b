"""The chain of the audit: entries are bound to those before them, and stamps are kept. The next one binds old ones."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.add_column("audit", sa.Column("position", sa.BigInteger, nullable=True))
    op.add_column("audit", sa.Column("link", sa.Text, nullable=False, server_default=""))
    op.create_index("audit_position", "audit", ["position"], unique=True)
    unbound = sa.text("position IS NULL")
    op.create_index("audit_unbound", "audit", ["id"], sqlite_where=unbound, postgresql_where=unbound)
    op.create_table(
        "audit_stamp",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in ("link", "signature", "until")),
        sa.Column("at", sa.Double, nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "release_record",
        sa.Column(
            "deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("envelope", sa.Text, nullable=False, server_default=""),
        sa.Column("at", sa.Double, nullable=False, server_default=sa.text("0")),
    )
    due = sa.text("envelope = ''")
    op.create_index("release_record_due", "release_record", ["deployment_id"], sqlite_where=due, postgresql_where=due)
