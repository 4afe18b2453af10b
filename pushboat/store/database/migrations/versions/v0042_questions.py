"""Questions: what is asked of clusters through the API, until it is answered and read."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; nobody has asked any yet."""
    texts = ("word", "who", "repository", "environment", "cluster", "arguments")
    op.create_table(
        "question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("token_id", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in texts),
        *(
            sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))
            for name in ("asked_at", "hint_at", "lease_until")
        ),
        sa.Column("fence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("answered_at", sa.Double, nullable=True),
        sa.Column("answer", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("question_asked_at", "question", ["asked_at"])
