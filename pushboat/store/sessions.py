"""Who is signed in: sessions that begin, are found by what a browser shows, and end, with lines in the audit."""

import hmac
import json

import sqlalchemy as sa

from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.person import Person, Session, digest, make_secret
from pushboat.routing import Answer
from pushboat.store import audit
from pushboat.store.database.engine import Store
from pushboat.store.database.token_tables import sessions
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.database.unheld import unheld

LASTS = 12 * 3600.0
"""Seconds after which everybody signs in again: a name at the forge may be somebody else's by then."""
IDLE = 4 * 3600.0
"""Seconds without a look at a page after which a session counts no more."""
NOTED_EVERY = 300.0
"""Seconds between two notes that somebody was seen."""
LOG_IN, LOG_OUT = "log in", "log out"
_FORGET = unheld("DELETE FROM session", "session", "id", "expires_at < :now")


def begin(store: Store, person: Person) -> tuple[Session, str]:
    """Sign somebody in; give what their browser is to show, which nobody can read again."""
    secret = make_secret()
    with store.writing() as tx:
        tx.change(_FORGET[tx.postgres], now=tx.now)
        row = tx.row(
            sa.insert(sessions).returning(*sessions.c),
            digest=digest(secret),
            realm=person.realm,
            subject=person.subject,
            name=person.name,
            at_forge=person.at_forge,
            groups=json.dumps(sorted(person.groups)),
            began_at=tx.now,
            seen_at=tx.now,
            expires_at=tx.now + LASTS,
        )
        assert row is not None
        _audit(tx, LOG_IN, person, f"signed in at {person.realm}")
    return _read(row), secret


def find(store: Store, secret: str) -> Session | None:
    """Find the session that a browser shows, where it counts; None where it never did, or counts no more."""
    wanted = digest(secret)
    with store.reading() as tx:
        row = tx.row(sa.select(sessions).where(sessions.c.digest == wanted))
        now = tx.now
    if row is None or not hmac.compare_digest(row["digest"], wanted):
        return None
    found = _read(row)
    return found if found.lives(now, IDLE) else None


def note_seen(store: Store, session: Session) -> None:
    """Write down that somebody was seen, every five minutes."""
    if not 0 <= store.now() - session.seen_at < NOTED_EVERY:
        with store.writing() as tx:
            tx.change(sa.update(sessions).where(sessions.c.id == session.id), seen_at=tx.now)


def end(store: Store, session: Session) -> None:
    """Sign somebody out: what their browser shows counts no more."""
    with store.writing() as tx:
        living = sa.update(sessions).where(sessions.c.id == session.id, sessions.c.ended_at.is_(None))
        if tx.change(living, ended_at=tx.now):
            _audit(tx, LOG_OUT, session.person, f"signed out at {session.person.realm}")


def _audit(tx: Transaction, word: str, person: Person, reason: str) -> None:
    ask = Ask(word=word, who=person.who, source=Source.PAGE, repository="")
    audit.append(tx, ask, 0, Answer(verdict=AskVerdict.DONE, reason=reason), None)


def _read(row: Row) -> Session:
    person = Person(
        realm=row["realm"],
        subject=row["subject"],
        name=row["name"],
        at_forge=row["at_forge"],
        groups=frozenset(json.loads(row["groups"] or "[]")),
    )
    return Session(
        id=row["id"],
        person=person,
        began_at=row["began_at"],
        seen_at=row["seen_at"],
        expires_at=row["expires_at"],
        ended_at=row["ended_at"],
    )
