"""The installation's key: what of Secrets is stored is sealed with it, and nobody reads it without.

The operator names it as `encryption_key`; without, one is made in the state folder when it is first needed. A key that
is lost costs what was sealed with it, and nothing else: opening says so by giving nothing.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FILE_NAME = "encryption.key"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Key:
    """One key. What is sealed, and what digests are made with, are keys of their own that follow from it."""

    secret: bytes = field(repr=False)

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

    def _derived(self, purpose: str) -> bytes:
        return hmac.new(self.secret, f"pushboat {purpose}".encode(), hashlib.sha256).digest()


def installation_key(named: str, state: Path) -> Key:
    """Give the key that the operator named, or else the one of the state folder, which is made where there is none."""
    return Key((named or _made_once(state / FILE_NAME)).encode())


def _made_once(path: Path) -> str:
    """Read the key's file; of several processes that find none, the first one's key is everybody's."""
    with suppress(FileNotFoundError):
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "w") as stream:
            stream.write(secrets.token_urlsafe(32) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    return path.read_text().strip()
