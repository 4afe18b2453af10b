"""A chart's footprint says for which cluster it was rendered."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what stands today asked no cluster."""
    op.add_column("footprint", sa.Column("served", sa.Text, nullable=False, server_default=""))
