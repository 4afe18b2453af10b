"""Signatures and ids that several forges share: HMAC-SHA256 over the raw body, compared in constant time."""

import hashlib
import hmac

from pushboat.config.operator import Secret
from pushboat.errors import BadSignature
from pushboat.events import Delivery
from pushboat.model.delivery import REPLAY

_LONGEST_ID = 200
MISMATCH = "signature does not match; run `pushboat hook doctor`"
"""All that an unsigned request learns: nothing about what is configured."""


class StaleSignature(BadSignature):
    """The signature is right and was made too long ago: perhaps somebody else sends it again."""


def verify_hex(delivery: Delivery, header: str, secrets: tuple[Secret, ...]) -> None:
    """Check a header of the form `sha256=<hex>` against the body."""
    given = ascii_header(delivery, header)
    if not any_match(given, [signature(secret.value, delivery.body).encode() for secret in usable(secrets)]):
        raise BadSignature(MISMATCH)


def ascii_header(delivery: Delivery, name: str) -> bytes:
    """Give a header's bytes; missing, empty and non-ASCII ones are bad signatures, not crashes of the comparison."""
    value = delivery.headers.get(name, "")
    if not value:
        raise BadSignature(f"no signature: header {name} is missing or empty; set the hook's secret")
    if not value.isascii():
        raise BadSignature(MISMATCH)
    return value.encode()


def any_match(given: bytes, wanted: list[bytes]) -> bool:
    """Compare with every value, also after a match, so that time says nothing about which secret it was."""
    matches = [hmac.compare_digest(given, value) for value in wanted]
    return any(matches)


def usable(secrets: tuple[Secret, ...]) -> tuple[Secret, ...]:
    """Leave out empty secrets: anyone can compute an HMAC with an empty key."""
    return tuple(secret for secret in secrets if secret.value)


def identity(delivery: Delivery, header: str, event_header: str) -> str:
    """Give the forge's own id for a delivery, or else a digest of what it says."""
    given = delivery.headers.get(header, "")
    if given.isascii() and given.isprintable() and 0 < len(given) <= _LONGEST_ID and REPLAY not in given:
        return given
    return fingerprint(delivery, event_header)


def fingerprint(delivery: Delivery, event_header: str) -> str:
    """Digest the event's name and the raw body: the same content twice is the same delivery."""
    digest = hashlib.sha256(delivery.headers.get(event_header, "").encode("utf-8", "replace"))
    digest.update(b"\0" + delivery.body)
    return f"sha256:{digest.hexdigest()}"


def signature(secret: str, body: bytes) -> str:
    """Sign a body as `sha256=<hex>`."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
