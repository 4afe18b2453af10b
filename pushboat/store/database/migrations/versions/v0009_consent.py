"""Whether somebody who may consented to a large prune, for one deployment."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: nobody has consented so far."""
    op.add_column("deployment", sa.Column("prune_many", sa.Boolean, nullable=False, server_default=sa.false()))
