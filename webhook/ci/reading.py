"""A job's token as bytes: taken apart strictly, before anything in it is believed and before anybody is asked for keys.

Libraries read tokens kindly. Here is one way to write each: what could be read in two ways is refused.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LARGEST = 16 * 1024
"""Bytes; forges' have some two thousand."""
LONGEST_KID = 200
HEADERS = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
"""What a header may say. Of these alg and kid count; others (jku, x5u, jwk, crit) let a token choose its own judge."""
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512"})
"""Signatures by key pairs only: with a shared secret, whoever can check a token can make one."""


class BadCiToken(Exception):
    """A job's token is not good; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A token that nobody has proved yet."""

    algorithm: str
    kid: str
    issuer: str


def is_signed(secret: str) -> bool:
    """Say whether what was shown has the form of a signed token, and not that of one of the API's own."""
    return secret.count(".") >= 2


def read(token: str) -> Shown:
    """Take a token apart.

    Raises:
        BadCiToken: it is not written as such tokens are.
    """
    if len(token) > LARGEST:
        raise BadCiToken(f"it has more than {LARGEST} bytes")
    parts = token.split(".")
    if len(parts) != 3:
        raise BadCiToken("it has not three parts; encrypted and nested tokens are not taken")
    header, claims = _object(_bytes(parts[0]), "header"), _object(_bytes(parts[1]), "claims")
    if not _bytes(parts[2]):
        raise BadCiToken("it is not signed")
    if unknown := sorted(set(header) - HEADERS):
        raise BadCiToken(f"its header has {unknown[0][:20]!r}, which is not taken")
    algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise BadCiToken(f"its signature is not one of {', '.join(sorted(ALGORITHMS))}")
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID or not kid.isprintable():
        raise BadCiToken("it does not name the key that signed it (kid)")
    if not isinstance(kind, str) or kind.upper() != "JWT":
        raise BadCiToken("it is a token of another type (typ)")
    issuer = claims.get("iss")
    if not isinstance(issuer, str):
        raise BadCiToken("it does not say who made it (iss)")
    return Shown(algorithm=algorithm, kid=kid, issuer=issuer)


def _bytes(part: str) -> bytes:
    try:
        found = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadCiToken("a part of it is not base64url") from None
    if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != part:
        raise BadCiToken("a part of it is written in another way than tokens are")
    return found


def _object(text: bytes, name: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadCiToken(f"its {name} cannot be read, or say something twice") from None
    if not isinstance(found, dict):
        raise BadCiToken(f"its {name} are no JSON object")
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("says something twice")
    return dict(pairs)


def _no_number(written: str) -> None:
    raise ValueError(f"{written} is no JSON")
