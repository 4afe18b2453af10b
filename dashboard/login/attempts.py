"""One attempt to sign in, between the way to the forge and the way back: all of it stands in the browser's cookie.

Nothing is stored, so strangers who begin a thousand fill nothing. What goes to the forge is made from the cookie's
random seed by a one-way function: who sees an address on the way cannot finish somebody else's attempt.
"""

import base64
import hashlib
import hmac
import secrets
from binascii import Error
from dataclasses import dataclass
from urllib.parse import urlsplit

LASTS = 600.0
"""Seconds that people have to sign in at the forge."""
LONGEST_WAY = 1000
HOME = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A `seed` of 256 random bits, when it began by our clock, and the page that somebody wanted."""

    seed: str
    at: int
    onward: str

    @property
    def state(self) -> str:
        """Give what the forge gives back, so that a stranger's answer is told from this one's."""
        return self._made("state")

    @property
    def nonce(self) -> str:
        """Give what stands in the token that is about this attempt."""
        return self._made("nonce")

    @property
    def verifier(self) -> str:
        """Give what proves that whoever brings the code is whoever began (RFC 7636)."""
        return self._made("verifier")

    def _made(self, what: str) -> str:
        return hmac.new(self.seed.encode(), what.encode(), hashlib.sha256).hexdigest()


def begin(onward: str, now: float) -> Attempt:
    """Begin one."""
    return Attempt(seed=secrets.token_urlsafe(32), at=int(now), onward=local(onward))


def written(attempt: Attempt) -> str:
    """Write one as a cookie has it."""
    onward = base64.urlsafe_b64encode(attempt.onward.encode()).decode().rstrip("=")
    return f"{attempt.seed}.{attempt.at}.{onward}"


def read(cookie: str, now: float) -> Attempt | None:
    """Read one from its cookie; None where it is none, or too old."""
    seed, at, onward = (*cookie.split("."), "", "", "")[:3]
    if len(seed) < 40 or len(cookie) > 4096 or not (at.isascii() and at.isdigit() and len(at) < 15):
        return None
    if not 0 <= now - int(at) + 1 <= LASTS:
        return None
    try:
        way = base64.urlsafe_b64decode(onward.encode() + b"=" * (-len(onward) % 4)).decode()
    except (Error, ValueError):
        return None
    return Attempt(seed=seed, at=int(at), onward=local(way))


def local(way: str) -> str:
    """Give an address of ours to go on to; the first page for what may lead elsewhere."""
    if len(way) > LONGEST_WAY or not way.isprintable() or " " in way or "\\" in way:
        return HOME
    if not way.startswith("/") or way.startswith(("//", "/login", "/logout")):
        return HOME
    try:
        parts = urlsplit(way)
    except ValueError:
        return HOME
    return way if not (parts.scheme or parts.netloc) else HOME
