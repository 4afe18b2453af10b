"""The question to a gate: its body, and its signature as Standard Webhooks has it (standardwebhooks.com, 1.0.0)."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pushboat.model.deployment import Deployment
from pushboat.model.json_forms import deployment_form

PREFIX = "whsec_"
"""Begins a secret that is written in base64."""
ID, TIMESTAMP, SIGNATURE = SIGNED = "webhook-id", "webhook-timestamp", "webhook-signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a gate is sent. The same question has the same `id` however often it is asked."""

    id: str
    body: bytes


def question(gate: str, when: str, deployment: Deployment, public_url: str, *, simulated: bool = False) -> Question:
    """Ask a gate `before` or `after` about a deployment; `simulated`: nothing will follow from the answer."""
    number = f"{deployment.id}-{deployment.sha[:12]}"
    asked = f"pushboat-{'simulated-' if simulated else ''}{number}-{gate}-{when}"
    told: dict[str, Any] = {"id": asked, "gate": gate, "when": when, "simulated": simulated}
    body = {**told, "deployment": deployment_form(deployment, public_url)}
    return Question(id=asked, body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


def headers(question: Question, secret: str, at: float) -> Mapping[str, str]:
    """Sign a question as asked at a moment, in seconds since the epoch."""
    stamp = str(int(at))
    return {
        "Content-Type": "application/json",
        ID: question.id,
        TIMESTAMP: stamp,
        SIGNATURE: f"v1,{signature(secret, question.id, stamp, question.body)}",
    }


def signature(secret: str, asked: str, stamp: str, body: bytes) -> str:
    """Sign what was asked when."""
    signed = b".".join((asked.encode(), stamp.encode(), body))
    return base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def is_signed(found: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Say whether a question is signed with this secret; the headers' names are in lower case."""
    asked, stamp = found.get(ID, ""), found.get(TIMESTAMP, "")
    right = f"v1,{signature(secret, asked, stamp, body)}".encode()
    return any(hmac.compare_digest(each.encode(), right) for each in found.get(SIGNATURE, "").split(" "))


def _key(secret: str) -> bytes:
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
