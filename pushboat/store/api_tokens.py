"""Tokens of the API: made, found by what somebody shows, and revoked, each of it with a line in the audit."""

import hmac

import sqlalchemy as sa

from pushboat import later_words
from pushboat.errors import CommandRefused
from pushboat.model.api_token import ApiToken, Role, digest, make_secret
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.reach import Reach, reach_of
from pushboat.routing import Answer
from pushboat.store import audit
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import api_tokens
from pushboat.store.database.transaction import Row, Transaction

NOTED_EVERY = 60.0
"""Seconds between two notes that a token was used: whoever asks each second writes nothing each second."""
CREATE, REVOKE = "token create", "token revoke"

_LIVING = sa.select(api_tokens).where(api_tokens.c.revoked_at.is_(None))
_NOTE = sa.text(
    "UPDATE api_token SET used_at = :now WHERE id = :id "
    "AND (used_at IS NULL OR used_at < :now - :every OR used_at > :now)"
)


def create(store: Store, name: str, reach: Reach, role: Role, lasts: float, who: str) -> tuple[ApiToken, str]:
    """Make a token of this name; give it, and its secret, which nobody can read again.

    Raises:
        CommandRefused: there is one of this name that still counts.
    """
    secret = make_secret()
    with store.writing() as tx:
        if any(_read(row).lives(tx.now) for row in tx.rows(_LIVING.where(api_tokens.c.name == name))):
            raise CommandRefused(f"there is a token {name} already: revoke it first, or take another name")
        row = tx.row(
            sa.insert(api_tokens).returning(*api_tokens.c),
            digest=digest(secret),
            name=name,
            repository=reach.only,
            environment=reach.environment,
            role=role.value,
            created_by=who,
            created_at=tx.now,
            expires_at=tx.now + lasts,
        )
        assert row is not None
        made = _read(row)
        _audit(tx, CREATE, made, who, f"token {name} may be used as a {role} until it expires or is revoked")
    return made, secret


def find(store: Store, secret: str) -> ApiToken | None:
    """Find whose secret this is, also of a token that does not count any more; None where it is nobody's.

    The index is asked for the digest: how long that takes tells of the digest, from which nobody comes to a secret.
    """
    wanted = digest(secret)
    with store.reading() as tx:
        row = tx.row(sa.select(api_tokens).where(api_tokens.c.digest == wanted))
    return _read(row) if row and hmac.compare_digest(row["digest"], wanted) else None


def note_use(store: Store, token: ApiToken) -> None:
    """Write down that it was used, once a minute."""
    now = store.now()
    if token.used_at is None or not 0 <= now - token.used_at < NOTED_EVERY:
        with store.writing() as tx:
            tx.change(_NOTE, id=token.id, now=tx.now, every=NOTED_EVERY)


def revoke(store: Store, name: str, who: str) -> ApiToken:
    """Let a token count no more.

    Raises:
        CommandRefused: there is none of this name that counts.
    """
    with store.writing() as tx:
        rows = [_read(row) for row in tx.rows(_LIVING.where(api_tokens.c.name == name))]
        living = next((each for each in rows if each.lives(tx.now)), None)
        if living is None:
            raise CommandRefused(f"there is no token {name} that counts; `pushboat token list` lists them all")
        tx.change(sa.update(api_tokens).where(api_tokens.c.id == living.id), revoked_at=tx.now)
        _audit(tx, REVOKE, living, who, f"token {name} counts no more")
    return living


def listed(store: Store) -> list[ApiToken]:
    """List them, newest first."""
    with store.reading() as tx:
        return [_read(row) for row in tx.rows(sa.select(api_tokens).order_by(api_tokens.c.id.desc()))]


def _audit(tx: Transaction, word: str, token: ApiToken, who: str, reason: str) -> None:
    reach = token.reach
    ask = Ask(word=word, who=who, source=Source.COMMAND, repository=reach.only, environment=reach.environment)
    audit.append(tx, ask, 0, Answer(verdict=AskVerdict.DONE, reason=reason), None)


def _read(row: Row) -> ApiToken:
    return ApiToken(
        id=row["id"],
        name=row["name"],
        reach=reach_of(row["repository"], row["environment"]),
        role=later_words.read(Role, row["role"]),
        created_by=row["created_by"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        used_at=row["used_at"],
    )
