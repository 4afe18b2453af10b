"""Whether an environment wants what is left halfway there answered by a rollback."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: of deployments until now nobody wrote it down."""
    op.add_column("deployment", sa.Column("rolls_back", sa.Boolean, nullable=False, server_default=sa.false()))
