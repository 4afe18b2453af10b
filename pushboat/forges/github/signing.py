"""What we send ourselves, signed as GitHub signs."""

from pushboat.config.secret import Secret
from pushboat.forges.signatures import signature

PING = b'{"zen": "It was Pushboat that asked."}'


def signed(identity: str, body: bytes, secret: Secret) -> dict[str, str]:
    """Give the headers of a ping with this body."""
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": "ping",
        "X-GitHub-Delivery": identity,
        "X-Hub-Signature-256": signature(secret.value, body),
    }
