"""Release records: what a deployment brought, signed, as an in-toto statement in a DSSE envelope.

Sources: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md and
https://github.com/secure-systems-lab/dsse/blob/master/protocol.md.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pushboat.model.approval import Approval
from pushboat.model.chain import Link
from pushboat.model.deployment import Deployment
from pushboat.model.image import ImageRecord
from pushboat.model.json_forms import moment

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://pushboat.dev/attestations/release/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What is known of a release.

    Args:
        number: the release's, in its environment.
        render: the digest of what its objects were rendered to.
        plan: the digest of what was changed, object by object.
        chain: the audit's end when the record was made; who verifies both finds out what was taken from the audit.
    """

    deployment: Deployment
    number: int
    render: str
    plan: str
    images: Sequence[ImageRecord]
    approvals: Sequence[Approval]
    chain: Link


def statement(brought: Brought) -> bytes:
    """Write what is signed."""
    made = brought.deployment
    code = {"name": made.lane.repository, "digest": {"gitCommit": made.sha}}
    return json.dumps(
        {
            "_type": STATEMENT_TYPE,
            "subject": [code, *_images(brought.images)],
            "predicateType": PREDICATE_TYPE,
            "predicate": {
                "deployment": made.id,
                "repository": made.lane.repository,
                "environment": made.lane.environment,
                "release": brought.number,
                "brings_back": made.again or None,
                "ref": made.ref,
                "sha": made.sha,
                "author": made.author,
                "trigger": str(made.trigger),
                "created_at": moment(made.created_at),
                "started_at": moment(made.started_at),
                "finished_at": moment(made.finished_at),
                "render": brought.render,
                "plan": brought.plan,
                "images": [{"image": each.image, "digest": each.digest or None} for each in brought.images],
                "approvals": [{"who": each.who, "at": moment(each.at)} for each in brought.approvals if not each.ended],
                "audit": {"position": brought.chain.position, "link": brought.chain.digest},
            },
        },
        ensure_ascii=True,
        separators=(",", ":"),
    ).encode()


def encoded(payload: bytes) -> bytes:
    """Give what the signature of a payload is made over."""
    kind = PAYLOAD_TYPE.encode()
    return b" ".join((b"DSSEv1", str(len(kind)).encode(), kind, str(len(payload)).encode(), payload))


def envelope(payload: bytes, signature: bytes, public: bytes) -> str:
    """Put a payload and its signature together; the key is named by the digest of its public part."""
    signed = {"keyid": hashlib.sha256(public).hexdigest(), "sig": base64.b64encode(signature).decode()}
    body = {"payloadType": PAYLOAD_TYPE, "payload": base64.b64encode(payload).decode(), "signatures": [signed]}
    return json.dumps(body, separators=(",", ":"))


def taken_apart(written: str) -> tuple[bytes, bytes]:
    """Give payload and signature of an envelope; empty ones where it is none."""
    try:
        body: dict[str, Any] = json.loads(written)
        signature = body["signatures"][0]["sig"]
        return base64.b64decode(body["payload"], validate=True), base64.b64decode(signature, validate=True)
    except (ValueError, LookupError, TypeError, binascii.Error):
        return b"", b""


def _images(found: Iterable[ImageRecord]) -> list[dict[str, object]]:
    named = {each.image: each.digest.removeprefix("sha256:") for each in found if each.digest.startswith("sha256:")}
    return [{"name": image, "digest": {"sha256": digest}} for image, digest in sorted(named.items())]
