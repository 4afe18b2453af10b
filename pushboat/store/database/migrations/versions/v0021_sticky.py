"""The one comment on each pull request that says how things stand, and when it is to be written anew."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; a pull request gets its comment with the next thing that happens to it."""
    op.create_table(
        "sticky_mark",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        _text("repository"),
        sa.Column("number", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        _time("at"),
    )
    op.create_table(
        "sticky",
        sa.Column("repository", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        _text("news"),
        _text("whole"),
        _time("put_at"),
    )
    op.add_column("deployment", _text("base_sha"))
    op.add_column("pull_request", _text("merge_sha"))
    op.create_index("pull_request_merge_sha", "pull_request", ["repository", "merge_sha"])
    op.create_index("ask_conversation", "ask", ["repository", "number"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _time(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))
