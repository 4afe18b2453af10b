"""The tables of who may ask the API, who is signed in, and what they ask of clusters, beside those of schema.py."""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, flag, metadata, moment, number, text, time

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

questions = sa.Table(
    "question",
    metadata,
    sa.Column("id", ID, primary_key=True),
    number("token_id"),  # whose holder alone reads the answer
    text("word"),
    text("who"),
    text("repository"),  # of the reach; empty: every one
    text("environment"),
    text("cluster"),  # empty: several
    text("arguments"),
    time("asked_at"),
    time("hint_at"),
    time("lease_until"),
    number("fence"),
    moment("answered_at"),
    text("answer"),
    sa.Column("files", sa.LargeBinary, nullable=True),  # of a work tree, until somebody has answered
)
sa.Index("question_asked_at", questions.c.asked_at)

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
