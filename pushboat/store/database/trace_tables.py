"""The table of what was told of traces, beside those of schema.py."""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, metadata, number, text, time

traces = sa.Table(
    "trace",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("installation"),  # drawn once, so that two installations have no trace in common
    *(column for what in ("delivery", "deployment", "letter") for column in (time(f"{what}_at"), number(what))),
    text("trouble"),  # why the collector has not taken the next ones; empty: it took them
    time("sent_at"),
    number("left_out"),  # of deliveries, deployments and letters, since the collector was away for too long
    text("lease_owner"),
    time("lease_until"),
)
