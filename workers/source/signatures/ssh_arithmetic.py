"""Whether a public SSH key made a signature over some bytes, for each kind of key that SSH has.

Ed25519 and RSA are `sshsig`'s; it has neither ECDSA nor keys that live in a security token, which many people sign
with, so those are done here, by the same library of ciphers (PROTOCOL.u2f of OpenSSH says what a token signs).
"""

import hashlib
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from sshsig import PublicKey

from pushboat.config.ssh_keys import fields

_TOUCHED = 0x01
"""The flag by which a token says that somebody was there."""
_RSA = (b"rsa-sha2-256", b"rsa-sha2-512")
_CURVES: dict[bytes, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
    b"nistp256": (ec.SECP256R1(), hashes.SHA256()),
    b"nistp384": (ec.SECP384R1(), hashes.SHA384()),
    b"nistp521": (ec.SECP521R1(), hashes.SHA512()),
}
_COUNTER = 5
"""Bytes that follow a token's signature: its flags, and how often it signed."""


def fits(blob: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether a key made a signature over a message; what cannot be read did not."""
    try:
        kind = fields(blob)[0].decode("ascii")
        return kind in _KINDS and _KINDS[kind](blob, signature, message)
    except (InvalidSignature, ValueError, LookupError, TypeError):
        return False


def _of_sshsig(blob: bytes, signature: bytes, message: bytes) -> bool:
    kind = fields(blob)[0]
    by = fields(signature)[0]
    if by not in (_RSA if kind == b"ssh-rsa" else (kind,)):  # sshsig itself only asserts it
        return False
    PublicKey.from_ssh_encoding(blob).verify(signature, message)
    return True


def _ecdsa(blob: bytes, signature: bytes, message: bytes) -> bool:
    kind, curve, point = fields(blob)
    by, pair = fields(signature)
    return by == kind and _on_curve(curve, point, pair, message)


def _on_curve(curve: bytes, point: bytes, pair: bytes, message: bytes) -> bool:
    shape, digest = _CURVES[curve]
    r, s = (int.from_bytes(part, "big") for part in fields(pair))
    key = ec.EllipticCurvePublicKey.from_encoded_point(shape, point)
    key.verify(encode_dss_signature(r, s), message, ec.ECDSA(digest))
    return True


def _token_ed25519(blob: bytes, signature: bytes, message: bytes) -> bool:
    kind, key, application = fields(blob)
    by, made = fields(signature[:-_COUNTER])
    if by != kind or not _somebody_was_there(signature):
        return False
    signed = _of_a_token(application, signature, message)
    ed25519.Ed25519PublicKey.from_public_bytes(key).verify(made, signed)
    return True


def _token_ecdsa(blob: bytes, signature: bytes, message: bytes) -> bool:
    kind, curve, point, application = fields(blob)
    by, pair = fields(signature[:-_COUNTER])
    if by != kind or not _somebody_was_there(signature):
        return False
    return _on_curve(curve, point, pair, _of_a_token(application, signature, message))


def _somebody_was_there(signature: bytes) -> bool:
    return bool(signature[-_COUNTER] & _TOUCHED)


def _of_a_token(application: bytes, signature: bytes, message: bytes) -> bytes:
    return hashlib.sha256(application).digest() + signature[-_COUNTER:] + hashlib.sha256(message).digest()


_KINDS: dict[str, Callable[[bytes, bytes, bytes], bool]] = {
    "ssh-ed25519": _of_sshsig,
    "ssh-rsa": _of_sshsig,
    "ecdsa-sha2-nistp256": _ecdsa,
    "ecdsa-sha2-nistp384": _ecdsa,
    "ecdsa-sha2-nistp521": _ecdsa,
    "sk-ssh-ed25519@openssh.com": _token_ed25519,
    "sk-ecdsa-sha2-nistp256@openssh.com": _token_ecdsa,
}
