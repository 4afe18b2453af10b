"""Footprints: what decided the outcome of each environment's newest deployment, and which deployments repeat one."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them: of what was deployed until now nobody knows what it read, so the next push deploys it."""
    op.create_table(
        "footprint",
        sa.Column("lane_id", sa.BigInteger, sa.ForeignKey("lane.id"), primary_key=True, autoincrement=False),
        sa.Column("deployment_id", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("origin", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("roots", sa.Text, nullable=False, server_default=""),
        sa.Column("settings", sa.Text, nullable=False, server_default=""),
    )
    op.add_column("inspection", sa.Column("unwell", sa.Text, nullable=False, server_default=""))
    op.add_column("deployment", sa.Column("same_as", sa.BigInteger, nullable=False, server_default=sa.text("0")))
    repeats = sa.text("same_as > 0")
    op.create_index("deployment_repeats", "deployment", ["finished_at"], sqlite_where=repeats, postgresql_where=repeats)
