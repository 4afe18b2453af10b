"""Approvals: who approved which commit for what, who is behind a commit, and how many a deployment needs."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the column: until now nobody had to approve anything."""
    op.create_table(
        "approval",
        _id(),
        *(_text(name) for name in ("repository", "environment", "sha", "who", "source")),
        _number("number"),
        _number("delivery_id"),
        _time("at"),
        sa.Column("ended_at", sa.Double, nullable=True),
        _text("ended"),
    )
    op.create_index("approval_sha", "approval", ["repository", "environment", "sha"])
    op.create_table(
        "pusher",
        _id(),
        _text("repository"),
        _number("number"),
        *(_text(name) for name in ("sha", "before", "who")),
        _time("at"),
    )
    op.create_index("pusher_sha", "pusher", ["repository", "sha"])
    proposed = sa.text("number <> 0")
    columns = ["repository", "number"]
    op.create_index("pusher_number", "pusher", columns, sqlite_where=proposed, postgresql_where=proposed)
    op.create_index("pusher_at", "pusher", ["at"])
    op.add_column("deployment", _number("approvals"))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0"))


def _time(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))
