"""The tables of what deployments did: the change set of each, its story line by line, and how its objects were seen."""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, metadata, text, time

change_sets = sa.Table(
    "change_set",
    metadata,
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False),
    text("changes"),
    sa.Column("meant", sa.Text, nullable=False, server_default="[]"),  # what the attempts so far set out to write
)

progress = sa.Table(
    "progress",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), nullable=False),
    time("at"),
    text("phase"),
    text("text"),
)
sa.Index("progress_deployment", progress.c.deployment_id, progress.c.id)

observations = sa.Table(
    "observation",
    metadata,
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False),
    time("at"),
    text("objects"),
)
