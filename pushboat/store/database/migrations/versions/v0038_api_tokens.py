"""Tokens of the API: their digests, how far each reaches, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; there are none yet."""
    texts = ("digest", "name", "repository", "environment", "role", "created_by")
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in texts),
        *(
            sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))
            for name in ("created_at", "expires_at")
        ),
        *(sa.Column(name, sa.Double, nullable=True) for name in ("revoked_at", "used_at")),
    )
    op.create_index("api_token_digest", "api_token", ["digest"], unique=True)
