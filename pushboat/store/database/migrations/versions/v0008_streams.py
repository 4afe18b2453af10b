"""In which order a delivery is routed, from when it is tried again, and since when somebody does not answer.

What waits during the upgrade stays in the stream without a name, which everything that comes later waits for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and the indexes by which a repository's and a stream's first delivery are found."""
    op.add_column("delivery", sa.Column("stream", sa.Text, nullable=False, server_default=""))
    op.add_column("delivery", sa.Column("not_before", sa.Double, nullable=False, server_default=sa.text("0")))
    op.add_column("delivery", sa.Column("trouble_since", sa.Double, nullable=True))
    op.add_column("delivery", sa.Column("doubt_since", sa.Double, nullable=True))
    unrouted = sa.text("routed_at IS NULL")
    op.drop_index("delivery_unrouted", "delivery")
    op.create_index(
        "delivery_unrouted",
        "delivery",
        ["repository", "id", "routed_at"],
        sqlite_where=unrouted,
        postgresql_where=unrouted,
    )
    op.create_index(
        "delivery_stream",
        "delivery",
        ["repository", "stream", "id", "routed_at"],
        sqlite_where=unrouted,
        postgresql_where=unrouted,
    )
