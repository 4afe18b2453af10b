"""The tables of releases: what each environment had, one after the other, the renders that may be brought back, and
what decided that the newest one came out as it did; and which commit has left many of them as they were.
"""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, index_of_a_part, metadata, number, text, time

releases = sa.Table(
    "release",
    metadata,
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False),
    sa.Column("lane_id", sa.BigInteger, sa.ForeignKey("lane.id"), nullable=False),
    number("number"),
    text("digest"),
    number("render_id"),  # no foreign key: a release outlives its render
    text("place"),  # where the operator's file had the environment then, as JSON
    sa.UniqueConstraint("lane_id", "number", name="release_order"),
)
sa.Index("release_render", releases.c.render_id)

release_records = sa.Table(
    "release_record",
    metadata,
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False),
    text("envelope"),  # signed; empty: it is due
    time("at"),
)
index_of_a_part("release_record_due", release_records.c.deployment_id, where="envelope = ''")

renders = sa.Table(
    "render",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("contents"),
    text("said"),
    sa.Column("packed", sa.LargeBinary, nullable=False),
)

footprints = sa.Table(
    "footprint",
    metadata,
    sa.Column("lane_id", sa.BigInteger, sa.ForeignKey("lane.id"), primary_key=True, autoincrement=False),
    number("deployment_id"),  # the newest one that it is true of
    number("origin"),  # the one that was carried out
    text("roots"),  # paths with git's objects, as JSON
    text("settings"),
    text("served"),
)

repetitions = sa.Table(
    "repetition",
    metadata,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("ref", sa.Text, primary_key=True),
    text("sha"),
    text("author"),
    text("cause"),
    number("delivery_id"),
    time("at"),
    number("newest"),  # the deployment that was the newest of all: what came into a lane later has a higher number
    text("environments"),  # their names, as JSON
)
