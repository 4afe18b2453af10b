"""Releases: their renders, which deployment was a rollback, and which holds rollbacks wait for.

Everything that was deployed before has no release: its render was not kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and add the columns: no deployment was a rollback so far, and every hold binds all of them."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "release",
        sa.Column(
            "deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("lane_id", sa.BigInteger, sa.ForeignKey("lane.id"), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("digest", sa.Text, nullable=False, server_default=""),
        sa.Column("render_id", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.UniqueConstraint("lane_id", "number", name="release_order"),
    )
    op.create_index("release_render", "release", ["render_id"])
    op.create_table(
        "render",
        sa.Column("id", number, primary_key=True),
        sa.Column("contents", sa.Text, nullable=False, server_default=""),
        sa.Column("said", sa.Text, nullable=False, server_default=""),
        sa.Column("packed", sa.LargeBinary, nullable=False),
    )
    op.add_column("deployment", sa.Column("again", sa.BigInteger, nullable=False, server_default=sa.text("0")))
    op.add_column("hold", sa.Column("rollbacks", sa.Boolean, nullable=False, server_default=sa.true()))
