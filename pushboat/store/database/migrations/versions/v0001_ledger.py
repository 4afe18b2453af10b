"""The first tables: deliveries and their routing, lanes and deployments, the outbox, heartbeats."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    _routing()
    _lanes()
    _story()
    _outbox()
    op.create_table(
        "process",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("pid", sa.BigInteger, primary_key=True, autoincrement=False),
        *_times("beat_at"),
        *_texts("note"),
    )


def _routing() -> None:
    op.create_table(
        "repository",
        sa.Column("name", sa.Text, primary_key=True),
        *_texts("lease_owner"),
        *_times("lease_until", "not_before", "hint_at"),
        *_numbers("fence", "hints"),
    )
    op.create_table(
        "delivery",
        _id(),
        *_texts("forge", "repository", "sha", "event", "verdict", "reason", "details", "source"),
        sa.Column("delivery", sa.Text, nullable=True),
        *_times("received_at"),
        sa.Column("routed_at", sa.Double, nullable=True),
        sa.Column("deployments", sa.Text, nullable=False, server_default="[]"),
        *_numbers("duplicates", "attempts"),
        sa.UniqueConstraint("forge", "delivery", name="delivery_once"),
    )
    _index("delivery_unrouted", "delivery", "repository", "id", where="routed_at IS NULL")
    _index("delivery_repository", "delivery", "repository", "id")
    _index("delivery_sha", "delivery", "sha")
    _index("delivery_verdict", "delivery", "verdict", "id")


def _lanes() -> None:
    op.create_table(
        "lane",
        _id(),
        *_texts("repository", "environment", "lease_owner", "deployed_sha"),
        *_numbers("number", "seq", "fence", "deployed_seq"),
        sa.Column("running", sa.BigInteger, nullable=True),
        *_times("lease_until"),
        *_flags("took_over"),
        sa.UniqueConstraint("repository", "environment", "number", name="lane_once"),
    )
    _index("lane_running", "lane", "running", where="running IS NOT NULL")
    op.create_table(
        "deployment",
        _id(),
        sa.Column("lane_id", sa.BigInteger, sa.ForeignKey("lane.id"), nullable=False),
        *_texts("kind", "ref", "sha", "author", "cause", "state", "reason", "details", "successor_sha"),
        *_numbers("seq", "attempts", "fence", "hints", "created", "configured", "unchanged", "deleted"),
        *_times("created_at", "not_before", "hint_at"),
        *(sa.Column(name, sa.Double, nullable=True) for name in ("started_at", "finished_at")),
        *(sa.Column(name, sa.BigInteger, nullable=True) for name in ("delivery_id", "successor")),
        *_flags("successor_contains", "settled"),
        sa.UniqueConstraint("lane_id", "seq", name="deployment_order"),
    )
    _index("deployment_unfinished", "deployment", "lane_id", "seq", where="state IN ('queued', 'running')")
    _index("deployment_hints", "deployment", "hint_at", where="state = 'queued'")
    _index("deployment_sha", "deployment", "sha")
    _index("deployment_successor", "deployment", "successor")


def _story() -> None:
    deployment = sa.ForeignKey("deployment.id")
    op.create_table(
        "change_set",
        sa.Column("deployment_id", sa.BigInteger, deployment, primary_key=True, autoincrement=False),
        *_texts("changes"),
    )
    op.create_table(
        "progress",
        _id(),
        sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), nullable=False),
        *_times("at"),
        *_texts("phase", "text"),
    )
    _index("progress_deployment", "progress", "deployment_id", "id")


def _outbox() -> None:
    op.create_table(
        "outbox",
        _id(),
        *_texts("stream", "forge", "repository", "kind", "sha", "context", "state", "description", "path", "ref"),
        *_texts("body", "marker", "lease_owner", "outcome", "error"),
        *_numbers("number", "attempts"),
        *_times("created_at", "not_before", "lease_until"),
        sa.Column("sent_at", sa.Double, nullable=True),
    )
    _index("outbox_unsent", "outbox", "stream", "id", where="sent_at IS NULL")
    _index("outbox_next", "outbox", "id", where="sent_at IS NULL")
    op.create_table("forge_hold", sa.Column("forge", sa.Text, primary_key=True), *_times("held_until"))


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False, server_default="") for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0")) for name in names]


def _times(*names: str) -> list[sa.Column[float]]:
    return [sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0")) for name in names]


def _flags(*names: str) -> list[sa.Column[bool]]:
    return [sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()) for name in names]


def _index(name: str, table: str, *columns: str, where: str = "") -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)
