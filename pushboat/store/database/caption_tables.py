"""The table of captions: what commits say of themselves, once for each commit of a repository."""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, metadata, number, text, time

captions = sa.Table(
    "caption",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("repository"),
    text("sha"),
    text("subject"),
    text("author"),  # git's: anybody may write any name there
    number("committed_at"),  # git's too: seconds since the epoch; 0: unknown
    time("at"),
    sa.UniqueConstraint("repository", "sha", name="caption_once"),
)
