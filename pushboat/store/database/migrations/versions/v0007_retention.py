"""Indexes over what is old enough to go, and for lists by state, which otherwise look through all deployments."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes."""
    _index("delivery_whole", "delivery", "received_at", where="event <> ''")
    _index("delivery_forgotten", "delivery", "received_at", where="event = ''")
    _index("deployment_ended", "deployment", "finished_at", where="finished_at IS NOT NULL")
    op.create_index("deployment_state", "deployment", ["state", "id"])
    op.create_index("deployment_lane_state", "deployment", ["lane_id", "state", "id"])
    _index("outbox_posted", "outbox", "sent_at", where="sent_at IS NOT NULL")


def _index(name: str, table: str, *columns: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)
