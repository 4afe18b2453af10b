"""Which hooks a deployment has, and where each stands, not only how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: of the hooks that have ended, only that is known."""
    for name in ("said", "api_group", "run", "reason"):
        op.add_column("hook_run", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("hook_run", sa.Column("place", sa.BigInteger, nullable=False, server_default=sa.text("0")))
    for name in ("began_at", "ended_at"):
        op.add_column("hook_run", sa.Column(name, sa.Double, nullable=True))
