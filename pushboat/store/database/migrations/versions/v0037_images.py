"""Images: which content each name of an image stood for when it was deployed, and what was known of it."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; what stands today was not looked up."""
    op.create_table(
        "image_set",
        sa.Column(
            "deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("images", sa.Text, nullable=False, server_default=""),
    )
