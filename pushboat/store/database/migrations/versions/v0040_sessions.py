"""Sessions: who is signed in, the digest of what their browser shows, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; nobody is signed in yet."""
    op.create_table(
        "session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        *(
            sa.Column(name, sa.Text, nullable=False, server_default="")
            for name in ("digest", "realm", "subject", "name")
        ),
        sa.Column("at_forge", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("groups", sa.Text, nullable=False, server_default=""),
        *(
            sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))
            for name in ("began_at", "seen_at", "expires_at")
        ),
        sa.Column("ended_at", sa.Double, nullable=True),
    )
    op.create_index("session_digest", "session", ["digest"], unique=True)
    op.create_index("session_expires", "session", ["expires_at"])
