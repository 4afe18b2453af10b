"""Repositories by the forge's own ids, the heads of their refs, and when we looked at them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables; nothing that is stored already changes."""
    op.create_table(
        "identity",
        sa.Column("name", sa.Text, primary_key=True),
        *_texts("forge", "id", "path", "rival"),
        *_times("seen_at"),
    )
    op.create_index("identity_id", "identity", ["forge", "id"])
    op.create_table(
        "head",
        sa.Column("repository", sa.Text, primary_key=True),
        sa.Column("ref", sa.Text, primary_key=True),
        *_texts("sha", "before", "found"),
        *_times("found_at"),
    )
    op.create_table(
        "look",
        sa.Column("repository", sa.Text, primary_key=True),
        *_texts("covered"),
        *_times("next_at"),
        *_texts("lease_owner"),
        *_times("lease_until", "looked_at"),
        *_texts("trouble"),
        *_times("log_at", "log_next_at"),
        *_texts("log_trouble"),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False, server_default="") for name in names]


def _times(*names: str) -> list[sa.Column[float]]:
    return [sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0")) for name in names]
