"""What open pull requests ask about their heads, with the answers; and which pull requests are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table: a plan that was begun before answers as it did, for itself."""
    texts = [
        sa.Column(name, sa.Text, nullable=False, server_default="")
        for name in ("repository", "sha", "context", "state", "description", "path", "ref", "base")
    ]
    numbers = [
        sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0")) for name in ("number", "plan")
    ]
    times = [
        sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0")) for name in ("asked_at", "again_at")
    ]
    op.create_table(
        "proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        *texts,
        *numbers,
        *times,
        sa.UniqueConstraint("repository", "number", "sha", "context", name="proposal_once"),
    )
    op.create_index("proposal_commit", "proposal", ["repository", "sha", "context"])
    op.create_index("proposal_again", "proposal", ["again_at"])
    op.add_column("pull_request", sa.Column("closed", sa.Boolean, nullable=False, server_default=sa.false()))
