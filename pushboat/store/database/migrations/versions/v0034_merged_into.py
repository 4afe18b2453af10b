"""Into which branch a pull request is merged, what an environment follows, and letters by their stream."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them: of what was merged until now nobody noted into what, so it stays merged."""
    for table, column in (("pull_request", "merged_into"), ("lane", "follows")):
        op.add_column(table, sa.Column(column, sa.Text, nullable=False, server_default=""))
    op.create_index("outbox_stream", "outbox", ["stream", "id"], postgresql_ops={"stream": "text_pattern_ops"})
