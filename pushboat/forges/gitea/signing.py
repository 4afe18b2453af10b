"""What we send ourselves, signed as Gitea signs."""

from pushboat.config.secret import Secret
from pushboat.forges.signatures import signature

PING = b'{"action": "ping"}'


def signed(identity: str, body: bytes, secret: Secret) -> dict[str, str]:
    """Give the headers of a ping with this body; Gitea itself has none, and it leads to nothing."""
    return {
        "Content-Type": "application/json",
        "X-Gitea-Event": "ping",
        "X-Gitea-Delivery": identity,
        "X-Gitea-Signature": signature(secret.value, body).removeprefix("sha256="),
    }
