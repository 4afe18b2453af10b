"""The table of who may ask the API, beside those of schema.py."""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, metadata, moment, text, time

api_tokens = sa.Table(
    "api_token",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("digest"),  # of the token, which itself is nowhere
    text("name"),
    text("repository"),  # empty: every one
    text("environment"),
    text("role"),
    text("created_by"),
    time("created_at"),
    time("expires_at"),
    moment("revoked_at"),
    moment("used_at"),  # last, within a minute
)
sa.Index("api_token_digest", api_tokens.c.digest, unique=True)
