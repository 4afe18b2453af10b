"""Asks beside their deliveries, the audit of what became of them, the heads we know of, and who cancelled what."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UPGRADED = "Pushboat was brought up to date while this command waited, and did not read it: comment again."


def upgrade() -> None:
    """Add the tables, and the heads that earlier deliveries told of."""
    op.add_column("deployment", *_texts("cancelled_by"))
    op.create_table(
        "ask",
        _id(),
        sa.Column("delivery_id", sa.BigInteger, sa.ForeignKey("delivery.id"), nullable=False),
        *_texts("word", "environment", "arguments", "who", "source", "repository"),
        sa.Column("number", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        *_texts("sha", "refusal"),
        sa.Column("puzzled", sa.Boolean, nullable=False, server_default=sa.false()),
        _at(),
    )
    op.create_index("ask_delivery", "ask", ["delivery_id"])
    op.create_table(
        "audit",
        _id(),
        _at(),
        *_texts("who", "source", "repository", "environment", "word", "verdict", "reason"),
        sa.Column("ask_id", sa.BigInteger, nullable=False),
        sa.Column("delivery_id", sa.BigInteger, nullable=False),
        sa.Column("deployment_id", sa.BigInteger, nullable=True),
    )
    op.create_index("audit_delivery", "audit", ["delivery_id"])
    op.create_index("audit_repository", "audit", ["repository", "id"])
    op.create_table(
        "pull_request",
        sa.Column("repository", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        *_texts("head", "before"),
    )
    _remember_heads()
    _answer_comments_that_wait()


def _remember_heads() -> None:
    """Read the heads from the pull requests' deliveries, oldest first, so that the newest word stays."""
    known: dict[tuple[str, int], dict[str, object]] = {}
    rows = op.get_bind().execute(
        sa.text(
            "SELECT repository, event FROM delivery WHERE verdict = 'accepted' "
            'AND event LIKE \'%"kind": "pull_request"%\' ORDER BY id'
        )
    )
    for repository, text in rows:
        event = json.loads(text)
        if event.get("kind") != "pull_request" or event.get("number") is None or not event.get("sha"):
            continue
        key = (repository, int(event["number"]))
        known[key] = {
            "repository": key[0],
            "number": key[1],
            "head": event["sha"],
            "before": event.get("before", ""),
        }
    if known:
        names = ("repository", "number", "head", "before")
        table = sa.table("pull_request", *(sa.column(name) for name in names))
        op.bulk_insert(table, list(known.values()))


def _answer_comments_that_wait() -> None:
    """Give commands that nobody has read yet an answer: only an acceptance reads comments, and theirs is over."""
    waiting = op.get_bind().execute(
        sa.text(
            "SELECT id, repository, event, received_at FROM delivery WHERE verdict = 'accepted' AND routed_at IS NULL "
            'AND event LIKE \'%"kind": "comment"%\' ORDER BY id'
        )
    )
    asks = []
    for number, repository, text, received_at in waiting:
        event = json.loads(text)
        if event.get("kind") == "comment":
            asks.append(
                {
                    "delivery_id": number,
                    "arguments": "{}",
                    "who": event.get("author", ""),
                    "source": "comment",
                    "repository": repository,
                    "number": event.get("number") or 0,
                    "refusal": UPGRADED,
                    "at": received_at,
                }
            )
    if asks:
        op.bulk_insert(sa.table("ask", *(sa.column(name) for name in asks[0])), asks)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False, server_default="") for name in names]


def _at() -> sa.Column[float]:
    return sa.Column("at", sa.Double, nullable=False, server_default=sa.text("0"))
