"""A token of the API: what a program shows to be let in, how far it reaches, and until when.

Only its digest is stored. It is 256 random bits, which nobody finds by trying, so that a plain digest is as good
as a slow one.
"""

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from pushboat.model.reach import Reach

PREFIX = "pushboat_"
"""By which people, and scanners of secrets, know one."""
RANDOM_BYTES = 32


class Role(StrEnum):
    """What a token lets its holder do within its reach."""

    VIEWER = "viewer"
    DEPLOYER = "deployer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token as it is kept; times are seconds by the store's clock, `used_at` within a minute."""

    id: int
    name: str
    reach: Reach
    role: Role
    created_by: str
    created_at: float
    expires_at: float
    revoked_at: float | None = None
    used_at: float | None = None

    @property
    def who(self) -> str:
        """Name who asks with it."""
        return f"token {self.name}"

    def lives(self, now: float) -> bool:
        """Say whether it lets anybody in."""
        return self.revoked_at is None and now < self.expires_at


def make_secret() -> str:
    """Make up a token."""
    return f"{PREFIX}{secrets.token_urlsafe(RANDOM_BYTES)}"


def digest(secret: str) -> str:
    """Give what is stored of one."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
