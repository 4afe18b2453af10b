"""What a deployment's verifications know, and which rollback answers which failure."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the columns: nothing was verified, and no failure was answered so far."""
    op.create_table(
        "verification",
        sa.Column(
            "deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("verification", sa.Text, primary_key=True),
        sa.Column("number_before", sa.Double, nullable=True),
        sa.Column("since", sa.Double, nullable=True),
        sa.Column("passed", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("deployment", sa.Column("mends", sa.BigInteger, nullable=False, server_default=sa.text("0")))
    op.add_column("deployment", sa.Column("aftermath", sa.Text, nullable=False, server_default=""))
