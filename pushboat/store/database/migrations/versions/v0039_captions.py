"""Captions: what each commit says of itself, its subject and its author's name; and the headers of deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; commits that were deployed until today have none, until they come again."""
    op.create_table(
        "caption",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("repository", sa.Text, nullable=False, server_default=""),
        sa.Column("sha", sa.Text, nullable=False, server_default=""),
        sa.Column("subject", sa.Text, nullable=False, server_default=""),
        sa.Column("author", sa.Text, nullable=False, server_default=""),
        sa.Column("at", sa.Double, nullable=False, server_default=sa.text("0")),
        sa.UniqueConstraint("repository", "sha", name="caption_once"),
    )
    op.add_column("delivery", sa.Column("headers", sa.Text, nullable=False, server_default=""))
