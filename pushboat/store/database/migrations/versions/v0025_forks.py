"""Whether a pull request comes from a fork: its commits are planned on somebody's word, and not deployed."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of those that are known already the next news will tell."""
    op.add_column("pull_request", sa.Column("fork", sa.Boolean, nullable=False, server_default=sa.false()))
