"""GitLab 19.0's signing token: HMAC-SHA256 over id, time and body, as the Standard Webhooks text has it."""

import base64
import hashlib
import hmac
import time

from pushboat.config.operator import Secret
from pushboat.errors import BadSignature
from pushboat.events import Delivery
from pushboat.forges import signatures

PING = b'{"object_kind": "pushboat_ping", "event_name": "pushboat_ping"}'
CLOCK_TOLERANCE_SECONDS = 300
"""Seconds that the two clocks may differ; older signatures are replays."""


def verify(delivery: Delivery, secrets: tuple[Secret, ...], *, now: float | None = None) -> None:
    """Check `webhook-signature`, any one of its values, with any of the tokens."""
    given = signatures.ascii_header(delivery, "webhook-signature").split()
    id_ = signatures.ascii_header(delivery, "webhook-id")
    stamp = signatures.ascii_header(delivery, "webhook-timestamp")
    signed = b".".join((id_, stamp, delivery.body))
    wanted = [_signature(secret, signed) for secret in signatures.usable(secrets)]
    matches = [signatures.any_match(value, wanted) for value in given]
    if not any(matches):
        raise BadSignature(signatures.MISMATCH)
    if not _is_fresh(stamp, time.time() if now is None else now):
        raise signatures.StaleSignature(
            "the signature is more than five minutes away from our clock; check both clocks"
        )


def signed(identity: str, body: bytes, secret: Secret) -> dict[str, str]:
    """Give the headers of what leads to nothing, with this body; GitLab itself has no ping."""
    headers = {"Content-Type": "application/json", "X-Gitlab-Event": "Pushboat Ping Hook", "Idempotency-Key": identity}
    if secret.kind != "signing":
        return {**headers, "X-Gitlab-Token": secret.value}
    stamp = str(int(time.time()))
    signature = _signature(secret, b".".join((identity.encode(), stamp.encode(), body))).decode()
    return {**headers, "webhook-id": identity, "webhook-timestamp": stamp, "webhook-signature": signature}


def _is_fresh(stamp: bytes, now: float) -> bool:
    return stamp.isdigit() and len(stamp) <= 12 and abs(int(stamp) - now) <= CLOCK_TOLERANCE_SECONDS


def _signature(secret: Secret, signed: bytes) -> bytes:
    try:
        key = base64.b64decode(secret.value.removeprefix("whsec_"), validate=True)
    except ValueError as error:
        raise BadSignature("the configured signing token is not `whsec_` and base64; copy it again") from error
    if not key:
        raise BadSignature(signatures.MISMATCH)
    return b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
