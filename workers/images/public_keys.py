"""Whether a public key made a signature: ECDSA, RSA and Ed25519, as cosign's key pairs and those of clouds are."""

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

SHORTEST_RSA = 2048
"""Bits."""
_BY_CURVE: dict[str, hashes.HashAlgorithm] = {"secp384r1": hashes.SHA384(), "secp521r1": hashes.SHA512()}


class UnusableKey(Exception):
    """A key is none that signatures are judged by; says why."""


def made_by(pem: str, signed: bytes, signature: bytes) -> bool:
    """Say whether a key made a signature of these bytes.

    Raises:
        UnusableKey: it is of a kind that is not supported, or damaged.
    """
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as wrong:
        raise UnusableKey("is damaged, or of a kind that is not supported") from wrong
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            return any(_ecdsa(key, signed, signature, digest) for digest in _digests(key))
        if isinstance(key, rsa.RSAPublicKey):
            if key.key_size < SHORTEST_RSA:
                raise UnusableKey(f"is an RSA key of less than {SHORTEST_RSA} bits")
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
            return True
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, signed)
            return True
    except InvalidSignature:
        return False
    raise UnusableKey("is of a kind that is not supported: make an ECDSA one with `cosign generate-key-pair`")


def _digests(key: ec.EllipticCurvePublicKey) -> tuple[hashes.HashAlgorithm, ...]:
    """Give what a curve is used with: SHA-256 by cosign, and the curve's own size by others."""
    own = _BY_CURVE.get(key.curve.name)
    return (hashes.SHA256(), own) if own else (hashes.SHA256(),)


def _ecdsa(key: ec.EllipticCurvePublicKey, signed: bytes, signature: bytes, digest: hashes.HashAlgorithm) -> bool:
    try:
        key.verify(signature, signed, ec.ECDSA(digest))
    except InvalidSignature:
        return False
    return True
