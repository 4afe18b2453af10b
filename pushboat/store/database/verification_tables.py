"""The table of verifications: what is known of each in a deployment that has not ended yet."""

import sqlalchemy as sa

from pushboat.store.database.columns import flag, metadata, moment

verifications = sa.Table(
    "verification",
    metadata,
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False),
    sa.Column("verification", sa.Text, primary_key=True),
    sa.Column("number_before", sa.Double, nullable=True),
    moment("since"),
    moment("again_at"),  # from when it may be asked again: what passes after that is not its doing
    flag("passed"),
)
