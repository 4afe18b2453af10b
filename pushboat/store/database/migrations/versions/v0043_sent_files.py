"""Files of a work tree that a question is about, for as long as nobody has answered it."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; the questions of before are about none."""
    op.add_column("question", sa.Column("files", sa.LargeBinary, nullable=True))
