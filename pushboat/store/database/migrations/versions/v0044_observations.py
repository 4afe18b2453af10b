"""Observations: how each deployment's objects and their pods were seen last, while it waited for their health."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; of earlier deployments nobody knows."""
    op.create_table(
        "observation",
        sa.Column(
            "deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("at", sa.Double, nullable=False, server_default=sa.text("0")),
        sa.Column("objects", sa.Text, nullable=False, server_default=""),
    )
