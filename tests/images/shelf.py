"""Images on a registry's shelf, and what is put beside them: as cosign puts it there, in its older form and newer."""

import base64
import json
from typing import Any, Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from tests.fakes.registry import INDEX, MANIFEST, digest_of

SIMPLE = "application/vnd.dev.cosign.simplesigning.v1+json"
ENVELOPE = "application/vnd.dsse.envelope.v1+json"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
IN_TOTO = "application/vnd.in-toto+json"
SIGN = "https://sigstore.dev/cosign/sign/v1"
VULN = "https://cosign.sigstore.dev/attestation/vuln/v1"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


class Shelf(Protocol):
    """A registry, to put something into."""

    def put_blob(self, path: str, content: bytes) -> str:
        """Keep a content and name it."""

    def put_manifest(self, path: str, named: str, made: dict[str, Any]) -> str:
        """Keep a manifest under a tag, where there is one, and give its digest."""


def public(key: Key) -> str:
    """Write the public half as cosign.pub has it."""
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def signature(key: Key, content: bytes) -> bytes:
    """Sign as cosign does with a key of this kind."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(content, ec.ECDSA(hashes.SHA256()))
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(content)


def image(shelf: Shelf, path: str, tag: str, words: str = "", platforms: int = 0) -> str:
    """Push an image, or an index of several, and give its digest."""
    made = _manifest(shelf, path, [], config=words.encode() or b"{}")
    if not platforms:
        return shelf.put_manifest(path, tag, made)
    each = [_manifest(shelf, path, [], config=f"{words}{number}".encode()) for number in range(platforms)]
    described = [{"mediaType": MANIFEST, "digest": shelf.put_manifest(path, "", one), "size": 1} for one in each]
    return shelf.put_manifest(path, tag, {"schemaVersion": 2, "mediaType": INDEX, "manifests": described})


def sign(shelf: Shelf, path: str, digest: str, key: Key, *, about: str = "", **notes: str) -> None:
    """Put a signature under the digest's `.sig` tag; `about` is the digest that it is of, where it is another."""
    payload = simple(path, about or digest)
    noted = {"dev.cosignproject.cosign/signature": encoded(signature(key, payload)), **notes}
    layer = {**_described(shelf, path, payload, SIMPLE), "annotations": noted}
    shelf.put_manifest(path, f"{digest.replace(':', '-')}.sig", _manifest(shelf, path, [layer]))


def simple(path: str, digest: str) -> bytes:
    """Write what is signed in the older form."""
    critical = {
        "identity": {"docker-reference": path},
        "image": {"docker-manifest-digest": digest},
        "type": "cosign container image signature",
    }
    return json.dumps({"critical": critical, "optional": None}).encode()


def statement(digest: str, kind: str, predicate: Any = None) -> bytes:
    """Write a statement about an image."""
    subject = [{"digest": {"sha256": digest.removeprefix("sha256:")}}]
    said = {"_type": "https://in-toto.io/Statement/v1", "subject": subject, "predicateType": kind}
    return json.dumps({**said, "predicate": predicate or {}}).encode()


def enveloped(payload: bytes, key: Key) -> dict[str, Any]:
    """Put a statement into a signed envelope."""
    signed = b"DSSEv1 %d %s %d %s" % (len(IN_TOTO), IN_TOTO.encode(), len(payload), payload)
    return {
        "payloadType": IN_TOTO,
        "payload": encoded(payload),
        "signatures": [{"keyid": "", "sig": encoded(signature(key, signed))}],
    }


def attest(shelf: Shelf, path: str, digest: str, key: Key, predicate: Any, *, about: str = "") -> None:
    """Put a vulnerability report under the digest's `.att` tag."""
    content = json.dumps(enveloped(statement(about or digest, VULN, predicate), key)).encode()
    layer = _described(shelf, path, content, ENVELOPE)
    shelf.put_manifest(path, f"{digest.replace(':', '-')}.att", _manifest(shelf, path, [layer]))


def refer(shelf: Shelf, path: str, digest: str, bundle: bytes, *, listed: bool = False) -> None:
    """Put a bundle beside an image, as what refers to it; `listed`: in a list under a tag, for old registries."""
    layer = _described(shelf, path, bundle, BUNDLE)
    subject = {"mediaType": MANIFEST, "digest": digest, "size": 1}
    made = {**_manifest(shelf, path, [layer]), "artifactType": BUNDLE, "subject": subject}
    at = shelf.put_manifest(path, "", made)
    if listed:
        described = {"mediaType": MANIFEST, "artifactType": BUNDLE, "digest": at, "size": len(json.dumps(made))}
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [described]}
        shelf.put_manifest(path, digest.replace(":", "-"), index)


def with_key(payload: bytes, key: Key) -> bytes:
    """Write a bundle that a key signed."""
    material = {"publicKey": {"hint": "a"}, "tlogEntries": []}
    return json.dumps(
        {"mediaType": BUNDLE, "verificationMaterial": material, "dsseEnvelope": enveloped(payload, key)}
    ).encode()


def trivy(*severities: str, at: str = "2026-11-28T10:00:00.123456789Z") -> dict[str, Any]:
    """Write what `trivy image --format cosign-vuln` does."""
    found = [{"VulnerabilityID": f"CVE-{number}", "Severity": each} for number, each in enumerate(severities)]
    result = {"SchemaVersion": 2, "Results": [{"Target": "os", "Vulnerabilities": found}]}
    return {"scanner": {"uri": "trivy", "result": result}, "metadata": {"scanStartedOn": at, "scanFinishedOn": at}}


def encoded(content: bytes) -> str:
    """Write bytes as base64."""
    return base64.b64encode(content).decode()


def _described(shelf: Shelf, path: str, content: bytes, media: str) -> dict[str, Any]:
    return {"mediaType": media, "digest": shelf.put_blob(path, content), "size": len(content)}


def _manifest(shelf: Shelf, path: str, layers: list[dict[str, Any]], config: bytes = b"{}") -> dict[str, Any]:
    described = _described(shelf, path, config, "application/vnd.oci.image.config.v1+json")
    assert described["digest"] == digest_of(config)
    return {"schemaVersion": 2, "mediaType": MANIFEST, "config": described, "layers": layers}
