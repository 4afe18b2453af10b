"""The keys of those who sign jobs' tokens: asked for over HTTPS at the address that the operator wrote, and kept.

Anybody can show a token that names a new key. So an issuer is asked at most once a minute, however many come, and never
by an address that a token brings.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests

from pushboat.errors import Unavailable
from pushboat.forges.punctual import Punctual, within
from webhook.ci.reading import BadCiToken, Shown

ANSWER_SECONDS = 5.0
LARGEST_ANSWER = 256 * 1024
CHUNK = 16 * 1024
MOST_KEYS = 50
ASKED_EVERY = 60.0
FRESH = 3600.0
"""Seconds after which keys are asked for anew, where that works."""
KEPT = 24 * 3600.0
"""Seconds for which they count where it does not: a key that was taken back counts no longer than this."""
SHORTEST_RSA = 2048
FAMILIES = {
    "RS": ("RSA", None),
    "PS": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
}
"""What a key must be for an algorithm, by its name or the beginning of it: its kind and its curve."""

Json = dict[str, Any]


class IssuerUnavailable(Unavailable):
    """Who signs tokens does not answer, so that nobody can say whether one is good."""


@dataclass(slots=True)
class _Issuer:
    lock: threading.Lock = field(default_factory=threading.Lock)
    keys: Mapping[str, Json] = field(default_factory=dict)
    read_at: float = float("-inf")
    asked_at: float = float("-inf")
    trouble: str = ""


class Issuers:
    """Those that the operator's file names, each with its keys as they were last told."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, _Issuer] = {}

    def key(self, shown: Shown) -> jwt.PyJWK:
        """Give the key that a token says it was signed with; only ask this for issuers of the operator's file.

        Raises:
            BadCiToken: the issuer has no such key, or it is none for this algorithm.
            IssuerUnavailable: the issuer could not be asked.
        """
        issuer = self._known.setdefault(shown.issuer, _Issuer())
        with issuer.lock:
            now = self._clock()
            stale = shown.kid not in issuer.keys or now - issuer.read_at > FRESH
            if stale and now - issuer.asked_at >= ASKED_EVERY:
                self._ask(shown.issuer, issuer, now)
            found = issuer.keys.get(shown.kid) if now - issuer.read_at <= KEPT else None
        if found is not None:
            return _usable(found, shown.algorithm)
        if issuer.trouble:
            raise IssuerUnavailable(
                f"{shown.issuer} could not be asked for its keys ({issuer.trouble}); try again in a minute"
            )
        raise BadCiToken("its issuer has no key of this name (kid)")

    def _ask(self, address: str, issuer: _Issuer, now: float) -> None:
        issuer.asked_at = now
        try:
            issuer.keys = _keys_of(address)
        except (OSError, ValueError, RecursionError) as error:
            issuer.trouble = error.args[0] if isinstance(error, _Strange) else "no answer that can be used"
        else:
            issuer.read_at, issuer.trouble = now, ""


class _Strange(ValueError):
    """An issuer says something that is not taken from it; says what, in our words."""


def _keys_of(issuer: str) -> Mapping[str, Json]:
    with requests.Session() as session, within(ANSWER_SECONDS):
        for scheme in ("https://", "http://"):
            session.mount(scheme, Punctual())
        about = _fetched(session, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") != issuer:
            raise _Strange("it calls itself by another name")
        address = about.get("jwks_uri")
        if not isinstance(address, str) or _origin(address) != _origin(issuer):
            raise _Strange("its keys are at another host")
        listed = _fetched(session, address).get("keys")
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise _Strange("it lists no keys, or too many")
    keys = [each for each in listed if isinstance(each, dict) and isinstance(each.get("kid"), str)]
    names = [each["kid"] for each in keys]
    return {each["kid"]: each for each in keys if names.count(each["kid"]) == 1}


def _fetched(session: requests.Session, address: str) -> Json:
    """Read a JSON object; a redirect is no answer, because it leads to where the operator did not say."""
    with session.get(address, timeout=ANSWER_SECONDS, allow_redirects=False, stream=True) as answer:
        if answer.status_code != 200:
            raise _Strange(f"it answers {answer.status_code}")
        body = b""
        for piece in answer.iter_content(CHUNK):
            body += piece
            if len(body) > LARGEST_ANSWER:
                raise _Strange("it says too much")
    found = json.loads(body)
    if not isinstance(found, dict):
        raise _Strange("it answers with no JSON object")
    return found


def _origin(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port


def _usable(found: Json, algorithm: str) -> jwt.PyJWK:
    kind, curve = FAMILIES.get(algorithm) or FAMILIES[algorithm[:2]]
    fits = found.get("kty") == kind and (curve is None or found.get("crv") == curve)
    if not fits or found.get("alg", algorithm) != algorithm or found.get("use", "sig") != "sig":
        raise BadCiToken("the key that it names is not one for its signature")
    try:
        key = jwt.PyJWK({name: found[name] for name in ("kty", "n", "e", "crv", "x", "y") if name in found}, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise BadCiToken("the key that it names cannot be used") from error
    if kind == "RSA" and key.key.key_size < SHORTEST_RSA:
        raise BadCiToken(f"the key that it names has less than {SHORTEST_RSA} bits")
    return key
