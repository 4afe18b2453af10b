"""What of Secrets is stored is sealed with the installation's `encryption_key`, and nobody reads it without.

A key that is lost costs what was sealed with it, and nothing else: opening says so by giving nothing.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Key:
    """One key. What is sealed, and what digests are made with, are keys of their own that follow from it."""

    secret: str = field(repr=False)

    def seal(self, content: bytes, about: str) -> bytes:
        """Encrypt a content; it opens only together with what it is said to be about."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._derived("seal")).encrypt(nonce, content, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes | None:
        """Decrypt a content; None where another key sealed it, or it is about something else."""
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return AESGCM(self._derived("seal")).decrypt(nonce, content, about.encode())
        except (InvalidTag, ValueError):
            return None

    def digest(self, content: bytes) -> str:
        """Name a content so that nobody without the key can find it out by guessing."""
        return hmac.new(self._derived("digest"), content, hashlib.sha256).hexdigest()[:40]

    def sign(self, content: bytes) -> bytes:
        """Sign a content, by Ed25519."""
        return self._signer().sign(content)

    def public(self) -> bytes:
        """Give what anybody may know, to check our signatures with: 32 bytes."""
        return self._signer().public_key().public_bytes_raw()

    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._derived("sign"))

    def _derived(self, purpose: str) -> bytes:
        return hmac.new(self.secret.encode(), f"pushboat {purpose}".encode(), hashlib.sha256).digest()


def is_signed(content: bytes, signature: bytes, keys: Iterable[bytes]) -> bool:
    """Say whether one of these public keys made the signature of a content."""
    for key in keys:
        with suppress(InvalidSignature, ValueError):
            Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
            return True
    return False
