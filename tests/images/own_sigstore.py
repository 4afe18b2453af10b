"""A sigstore of our own: an authority that certifies identities, a log of certificates, and a log of signatures.

What the public one has, by the same formats and with keys of this test: RFC 6962 for both logs, and the trusted root
that says whose word counts (https://github.com/sigstore/protobuf-specs).
"""

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from tests.images.shelf import BUNDLE, encoded, enveloped

ISSUER = "https://token.actions.githubusercontent.com"
WORKFLOW = "https://github.com/acme/shop/.github/workflows/release.yaml@refs/heads/main"
BEGAN = datetime(2026, 11, 1, 12, tzinfo=UTC)
LASTS = timedelta(minutes=10)
_ISSUER_OID = ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
_SCT_OID = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_SINCE = {"start": "2020-01-01T00:00:00Z"}


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, kw_only=True)
class Sigstore:
    """One of them; `authority` certifies, the logs are known by their keys."""

    authority: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    certificates: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    log: ec.EllipticCurvePrivateKey = field(default_factory=_key)

    def root(self) -> str:
        """Write its trusted root."""
        return json.dumps(
            {
                "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                "tlogs": [_listed(self.log, "https://rekor.example")],
                "ctlogs": [_listed(self.certificates, "https://ct.example")],
                "certificateAuthorities": [
                    {
                        "subject": {"organization": "example", "commonName": "fulcio"},
                        "uri": "https://fulcio.example",
                        "certChain": {"certificates": [{"rawBytes": encoded(_der(self._root))}]},
                        "validFor": _SINCE,
                    }
                ],
            }
        )

    def bundle(
        self,
        payload: bytes,
        *,
        identity: str = WORKFLOW,
        issuer: str = ISSUER,
        at: datetime = BEGAN + LASTS / 2,
        entered: bytes = b"",
    ) -> bytes:
        """Sign a statement as an identity at a moment; `entered`: the log was told of this payload instead."""
        key = _key()
        certificate = self._certified(key, identity, issuer)
        envelope = enveloped(payload, key)
        entry = self._entry(envelope, certificate, entered or payload, int(at.timestamp()))
        material = {"certificate": {"rawBytes": encoded(_der(certificate))}, "tlogEntries": [entry]}
        return json.dumps({"mediaType": BUNDLE, "verificationMaterial": material, "dsseEnvelope": envelope}).encode()

    @property
    def _root(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fulcio")])
        usage = x509.KeyUsage(
            digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        return (
            x509.CertificateBuilder(subject_name=name, issuer_name=name, serial_number=1)
            .public_key(self.authority.public_key())
            .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.authority.public_key()), critical=False)
            .sign(self.authority, hashes.SHA256())
        )

    def _certified(self, key: ec.EllipticCurvePrivateKey, identity: str, issuer: str) -> x509.Certificate:
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.authority.public_key())
        said = issuer.encode()
        builder = (
            x509.CertificateBuilder(issuer_name=self._root.subject, subject_name=x509.Name([]), serial_number=2)
            .public_key(key.public_key())
            .not_valid_before(BEGAN)
            .not_valid_after(BEGAN + LASTS)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(identifier, critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(identity)]), critical=True)
            .add_extension(x509.UnrecognizedExtension(_ISSUER_OID, bytes([12, len(said)]) + said), critical=False)
        )
        before = builder.sign(self.authority, hashes.SHA256()).tbs_certificate_bytes
        return builder.add_extension(
            x509.UnrecognizedExtension(_SCT_OID, self._timestamp(before)), critical=False
        ).sign(self.authority, hashes.SHA256())

    def _timestamp(self, before: bytes) -> bytes:
        """Write the certificates' log's word that it knows of one (RFC 6962, 3.2)."""
        at = int(BEGAN.timestamp() * 1000)
        whose = hashlib.sha256(_spki(self.authority)).digest()
        signed = struct.pack("!BBQH", 0, 0, at, 1) + whose + len(before).to_bytes(3, "big") + before + b"\0\0"
        signature = self.certificates.sign(signed, ec.ECDSA(hashes.SHA256()))
        known = hashlib.sha256(_spki(self.certificates)).digest()
        said = b"\0" + known + struct.pack("!QH", at, 0) + b"\4\3" + struct.pack("!H", len(signature)) + signature
        listed = struct.pack("!HH", len(said) + 2, len(said)) + said
        return bytes([4, len(listed)] if len(listed) < 128 else [4, 0x81, len(listed)]) + listed

    def _entry(
        self, envelope: dict[str, Any], certificate: x509.Certificate, payload: bytes, at: int
    ) -> dict[str, Any]:
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        signatures = [{"signature": each["sig"], "verifier": encoded(pem)} for each in envelope["signatures"]]
        spec = {
            "envelopeHash": {"algorithm": "sha256", "value": hashlib.sha256(json.dumps(envelope).encode()).hexdigest()},
            "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()},
            "signatures": signatures,
        }
        body = _canonical({"apiVersion": "0.0.1", "kind": "dsse", "spec": spec})
        known, top = hashlib.sha256(_spki(self.log)).digest(), hashlib.sha256(b"\0" + body).digest()
        promised = {"body": encoded(body), "integratedTime": at, "logID": known.hex(), "logIndex": 0}
        note = f"rekor.example\n1\n{encoded(top)}\n"
        signed = encoded(known[:4] + self._logged(note.encode()))
        return {
            "logIndex": "0",
            "logId": {"keyId": encoded(known)},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": str(at),
            "inclusionPromise": {"signedEntryTimestamp": encoded(self._logged(_canonical(promised)))},
            "inclusionProof": {
                "logIndex": "0",
                "rootHash": encoded(top),
                "treeSize": "1",
                "hashes": [],
                "checkpoint": {"envelope": f"{note}\n\u2014 rekor.example {signed}\n"},
            },
            "canonicalizedBody": encoded(body),
        }

    def _logged(self, content: bytes) -> bytes:
        return self.log.sign(content, ec.ECDSA(hashes.SHA256()))


def _listed(key: ec.EllipticCurvePrivateKey, url: str) -> dict[str, Any]:
    spki = _spki(key)
    public = {"rawBytes": encoded(spki), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": _SINCE}
    known = base64.b64encode(hashlib.sha256(spki).digest()).decode()
    return {"baseUrl": url, "hashAlgorithm": "SHA2_256", "publicKey": public, "logId": {"keyId": known}}


def _spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
