"""The table of hooks: which have run in a deployment, and how each ended."""

import sqlalchemy as sa

from pushboat.store.database.columns import metadata, text

hook_runs = sa.Table(
    "hook_run",
    metadata,
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False),
    sa.Column("hook", sa.Text, primary_key=True),
    text("outcome"),
)
