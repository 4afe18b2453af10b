"""Which branch a plan's commit would be merged into."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: plans until now were of their commits as they are."""
    op.add_column("deployment", sa.Column("base", sa.Text, nullable=False, server_default=""))
