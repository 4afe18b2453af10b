"""Which hooks have run in a deployment, and how each ended."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table: no deployment had hooks so far."""
    op.create_table(
        "hook_run",
        sa.Column(
            "deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("hook", sa.Text, primary_key=True),
        sa.Column("outcome", sa.Text, nullable=False, server_default=""),
    )
