"""When a commit was committed, as git has it, beside what it says: lead times begin there."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; 0 for the commits that were read before."""
    op.add_column("caption", sa.Column("committed_at", sa.BigInteger, nullable=False, server_default=sa.text("0")))
