"""When each environment is compared with its release, and what was found, said and done about it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table: nothing was compared by the timer so far."""
    texts = {name: _text(name) for name in ("cluster", "found", "trouble", "unhealed", "said", "healed_of", "place")}
    numbers = {
        name: _number(name)
        for name in ("fence", "deployment", "release", "count", "letters", "healed_times", "healed_by")
    }
    times = {name: _time(name) for name in ("next_at", "lease_until", "compared_at", "said_at", "healed_at")}
    op.create_table(
        "inspection",
        sa.Column("repository", sa.Text, primary_key=True),
        sa.Column("environment", sa.Text, primary_key=True),
        *texts.values(),
        *numbers.values(),
        *times.values(),
        sa.Column("since", sa.Double, nullable=True),
        sa.Column("trouble_since", sa.Double, nullable=True),
    )
    op.create_index("inspection_due", "inspection", ["cluster", "next_at"])


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0"))


def _time(name: str) -> "sa.Column[float]":
    return sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))
