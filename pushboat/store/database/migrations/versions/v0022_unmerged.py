"""Pull requests that were deployed before their merge: what they hold, what is theirs, and how they ended."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: until now nobody wrote down which deployments were a pull request's."""
    for table in ("deployment", "hold"):
        op.add_column(table, sa.Column("pull_request", sa.BigInteger, nullable=False, server_default=sa.text("0")))
    op.add_column("hold", sa.Column("sha", sa.Text, nullable=False, server_default=""))
    op.add_column("pull_request", sa.Column("merged", sa.Boolean, nullable=False, server_default=sa.false()))
