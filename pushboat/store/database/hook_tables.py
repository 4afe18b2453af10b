"""The table of hooks: which a deployment has, when each began, and how it ended."""

import sqlalchemy as sa

from pushboat.store.database.columns import metadata, moment, number, text

hook_runs = sa.Table(
    "hook_run",
    metadata,
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False),
    sa.Column("hook", sa.Text, primary_key=True),
    text("outcome"),  # empty until it runs
    text("said"),
    text("api_group"),
    text("run"),
    text("reason"),
    number("place"),
    moment("began_at"),
    moment("ended_at"),
)
