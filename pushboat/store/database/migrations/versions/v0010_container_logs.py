"""What the containers of a deployment that did not become healthy said last, apart from its details.

Not everybody who may read those may read what containers print.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("deployment", sa.Column("logs", sa.Text, nullable=False, server_default=""))
