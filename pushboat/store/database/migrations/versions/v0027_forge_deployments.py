"""By which number the forge's own list of deployments knows one of ours, and where people see what it brought."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: until now no forge was told of deployments, nor where people see them."""
    op.add_column("deployment", sa.Column("forge_number", sa.BigInteger, nullable=False, server_default=sa.text("0")))
    op.add_column("deployment", sa.Column("url", sa.Text, nullable=False, server_default=""))
