"""The tables of letters on their way to the forges, of sticky comments, and of forges that asked to be left alone."""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, flag, index_of_a_part, metadata, moment, number, text, time

POSTED = "sent_at IS NOT NULL"
ENDING, READ_BACK, GIVEN_UP = "sent_at IS NULL AND ends", "read_back_at > 0", "outcome = 'dead'"
"""Parts of the outbox that have indexes of their own: a database uses one where a query says the very same words."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("stream"),
    text("forge"),
    text("repository"),
    text("kind"),
    sa.Column("payload", sa.Text, nullable=False, server_default="{}"),
    time("created_at"),
    time("not_before"),
    number("attempts"),
    text("lease_owner"),
    time("lease_until"),
    moment("sent_at"),
    text("outcome"),
    text("error"),
    flag("ends"),  # a final state: the first to go after an outage, and read back after it went
    time("read_back_at"),  # when the forge is asked whether it shows this still; 0: not at all
)
_unsent = outbox.c.sent_at.is_(None)
sa.Index("outbox_unsent", outbox.c.stream, outbox.c.id, sqlite_where=_unsent, postgresql_where=_unsent)
sa.Index("outbox_next", outbox.c.forge, outbox.c.id, sqlite_where=_unsent, postgresql_where=_unsent)
sa.Index(
    "outbox_turn", outbox.c.forge, outbox.c.repository, outbox.c.id, sqlite_where=_unsent, postgresql_where=_unsent
)
sa.Index("outbox_stream", outbox.c.stream, outbox.c.id, postgresql_ops={"stream": "text_pattern_ops"})
index_of_a_part("outbox_posted", outbox.c.sent_at, where=POSTED)
index_of_a_part("outbox_ending", outbox.c.forge, outbox.c.id, where=ENDING)
index_of_a_part("outbox_turn_ending", outbox.c.forge, outbox.c.repository, outbox.c.id, where=ENDING)
index_of_a_part("outbox_read_back", outbox.c.forge, outbox.c.read_back_at, where=READ_BACK)
index_of_a_part("outbox_given_up", outbox.c.forge, outbox.c.id, where=GIVEN_UP)

forge_holds = sa.Table(
    "forge_hold",
    metadata,
    # Whatever begins with this is asked by one credential: a forge's name, with an owner where each has its own.
    sa.Column("forge", sa.Text, primary_key=True),
    time("held_until"),
    text("reason"),
)

allowances = sa.Table(
    "allowance",
    metadata,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    number("remaining"),
    number("most"),
    time("resets_at"),
)

sticky_marks = sa.Table(  # only ever added to, so that nobody who marks waits for somebody else who does
    "sticky_mark",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("repository"),
    number("number"),  # of the pull request whose comment may have something else to say
    time("at"),
)

stickies = sa.Table(
    "sticky",
    metadata,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    text("news"),  # a digest of what it said last, and one of all of it, with what is no news
    text("whole"),
    time("put_at"),
)
