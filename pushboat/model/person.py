"""A person who signed in: which account, of which forge or issuer, and until when Pushboat takes them for signed in.

Only the digest of what their browser shows is stored. It is 256 random bits, as an API token is.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account: `realm` is the forge's name in the operator's file, or the issuer's host; `subject` its own id there.

    `name` is the account's name where a forge's, by which it is asked what they may. `groups` are the issuer's word.
    """

    realm: str
    subject: str
    name: str
    at_forge: bool
    groups: frozenset[str] = frozenset()

    @property
    def who(self) -> str:
        """Name them in asks; an issuer's account cannot be taken for a forge's of the same name."""
        return self.name if self.at_forge else f"{self.name} ({self.realm})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody is signed in; times are seconds by the store's clock, `seen_at` within some minutes."""

    id: int
    person: Person
    began_at: float
    seen_at: float
    expires_at: float
    ended_at: float | None = None

    def lives(self, now: float, idle: float) -> bool:
        """Say whether it still counts."""
        return self.ended_at is None and self.began_at - idle <= now < min(self.expires_at, self.seen_at + idle)


def make_secret() -> str:
    """Make up what a browser shows."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def digest(secret: str) -> str:
    """Give what is stored of it."""
    return hashlib.sha256(b"session:" + secret.encode("utf-8", "surrogateescape")).hexdigest()


def form_token(secret: str) -> str:
    """Give what a form of this session carries, from which nobody comes back to the session."""
    return hmac.new(secret.encode("utf-8", "surrogateescape"), b"form", hashlib.sha256).hexdigest()
