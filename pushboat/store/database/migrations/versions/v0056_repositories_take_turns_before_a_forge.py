"""An index by which the next repository's oldest letter is found, however many another one has."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None
oldest = "0055"


def upgrade() -> None:
    """Add it."""
    where = sa.text("sent_at IS NULL")
    op.create_index("outbox_turn", "outbox", ["forge", "repository", "id"], sqlite_where=where, postgresql_where=where)
