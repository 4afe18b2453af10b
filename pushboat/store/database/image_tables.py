"""The table of images: what each deployment or plan would run, and what was found out about it, as JSON."""

import sqlalchemy as sa

from pushboat.store.database.columns import metadata, text

image_sets = sa.Table(
    "image_set",
    metadata,
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False),
    text("images"),
)
