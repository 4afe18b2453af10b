"""Deliveries as forges send them, from tests/data, and signed with whatever secret a test wants."""

import hashlib
import hmac
from dataclasses import replace
from pathlib import Path

from pushboat.events import Delivery

DATA = Path(__file__).resolve().parent.parent / "data"
A = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
B = "2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e"
MERGED = "5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7081"
SECRET = "It's a Secret to Everybody"
SIGNATURES = {
    "github": "x-hub-signature-256",
    "git": "x-pushboat-signature-256",
    "gitlab": "x-gitlab-token",
    "gitea": "x-gitea-signature",
}


def recorded(forge: str, case: str) -> Delivery:
    """Read one delivery of tests/data, unsigned."""
    lines = (DATA / forge / f"{case}.headers").read_text().splitlines()
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Delivery(headers=headers, body=(DATA / forge / f"{case}.json").read_bytes())


def cases(forge: str) -> list[str]:
    """Name all deliveries of a forge."""
    return sorted(path.stem for path in (DATA / forge).glob("*.json"))


def signed(forge: str, delivery: Delivery, secret: str = SECRET) -> Delivery:
    """Sign a delivery as the forge does."""
    digest = hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
    value = {"gitlab": secret, "gitea": digest}.get(forge, f"sha256={digest}")
    return replace(delivery, headers={**delivery.headers, SIGNATURES[forge]: value})
