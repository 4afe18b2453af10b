"""The headers of a delivery that we send ourselves, signed as the hook of plain git signs (`post_receive.py`)."""

from pushboat.forges.signatures import signature


def signed_headers(event: str, identity: str, body: bytes, secret: str) -> dict[str, str]:
    """Give the headers for a body: what happened, under which id, signed with a webhook secret."""
    return {
        "Content-Type": "application/json",
        "X-Pushboat-Event": event,
        "X-Pushboat-Delivery": identity,
        "X-Pushboat-Signature-256": signature(secret, body),
    }
