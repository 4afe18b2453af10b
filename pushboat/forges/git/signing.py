"""The headers of a delivery that we send ourselves, signed as the hook of plain git signs (`post_receive.py`)."""

from pushboat.config.secret import Secret
from pushboat.forges.signatures import signature

PING = b'{"event": "ping", "repository": "", "pusher": "pushboat doctor"}'


def signed(identity: str, body: bytes, secret: Secret) -> dict[str, str]:
    """Give the headers of a ping with this body."""
    return signed_headers("ping", identity, body, secret.value)


def signed_headers(event: str, identity: str, body: bytes, secret: str) -> dict[str, str]:
    """Give the headers for a body: what happened, under which id, signed with a webhook secret."""
    return {
        "Content-Type": "application/json",
        "X-Pushboat-Event": event,
        "X-Pushboat-Delivery": identity,
        "X-Pushboat-Signature-256": signature(secret, body),
    }
