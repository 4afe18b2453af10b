"""The table of what the timer found: one row for each environment, with what is said and done about it."""

import sqlalchemy as sa

from pushboat.store.database.columns import metadata, moment, number, text, time

inspections = sa.Table(
    "inspection",
    metadata,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("environment", sa.Text, primary_key=True),
    text("cluster"),
    time("next_at"),
    number("fence"),
    time("lease_until"),
    number("deployment"),  # the one that made the release that it was compared with
    number("release"),
    time("compared_at"),
    text("place"),  # the cluster that it was compared in
    text("found"),  # as JSON, the first few objects of `count`
    number("count"),
    moment("since"),
    text("trouble"),
    moment("trouble_since"),
    text("unhealed"),
    text("unwell"),
    text("said"),  # on the deployed commit; empty: its deployment's own sentence
    time("said_at"),
    number("letters"),
    number("healed_times"),
    time("healed_at"),
    number("healed_by"),
    text("healed_of"),
)
sa.Index("inspection_due", inspections.c.cluster, inspections.c.next_at)
