"""The tables of who may ask the API, and who is signed in, beside those of schema.py."""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, flag, metadata, moment, text, time

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

sessions = sa.Table(
    "session",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("digest"),  # of what the browser shows, which itself is nowhere
    text("realm"),
    text("subject"),
    text("name"),
    flag("at_forge"),
    text("groups"),  # JSON, a list
    time("began_at"),
    time("seen_at"),  # last, within some minutes
    time("expires_at"),
    moment("ended_at"),
)
sa.Index("session_digest", sessions.c.digest, unique=True)
sa.Index("session_expires", sessions.c.expires_at)
