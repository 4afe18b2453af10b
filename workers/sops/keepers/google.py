"""Google Cloud KMS: https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/decrypt.

A service account signs its own token for this one service (https://google.aip.dev/auth/4111), so nobody else is asked.
"""

import base64
import binascii
import json
import time
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from pushboat.config.keepers import GoogleKey
from workers.sops.keepers.asking import Away, Denied, opening, word

SORT = "gcp_kms"
NAME = "Google Cloud KMS"
NONSENSE = {"enc": base64.b64encode(bytes(100)).decode()}
"""What no key has encrypted: that it says so is the proof that it would open what one has."""
_AUDIENCE = "https://cloudkms.googleapis.com/"
_LASTS = 600.0
"""Seconds of a token; Google takes an hour at most."""
_UNFIT = "INVALID_ARGUMENT"


def name_of(copy: Mapping[str, Any]) -> str:
    """Name the key that a file's copy of its data key was encrypted for."""
    return word(copy.get("resource_id"))


def log_in(key: GoogleKey) -> str:
    """Sign a token with the account's key.

    Raises:
        Denied: its key is none.
    """
    now = int(time.time())
    head = {"alg": "RS256", "typ": "JWT", "kid": key.account.key_id}
    said = {"iss": key.account.email, "sub": key.account.email, "aud": _AUDIENCE, "iat": now, "exp": now + int(_LASTS)}
    text = f"{_web(json.dumps(head).encode())}.{_web(json.dumps(said).encode())}"
    try:
        private = load_pem_private_key(key.account.private_key.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, RSAPrivateKey):
        raise Denied("the private key of its account is none")
    return f"{text}.{_web(private.sign(text.encode(), PKCS1v15(), SHA256()))}"


def ends(_: str) -> str:
    """Say that a login ends by itself: it is signed anew each time."""
    return ""


def mend(key: GoogleKey) -> str:
    """Say what its operator does where it opens nothing."""
    return f"give {key.account.email} the role roles/cloudkms.cryptoKeyDecrypter of {key.key}"


def opened(key: GoogleKey, login: str, copy: Mapping[str, Any]) -> bytes:
    """Have a copy of a data key opened.

    Raises:
        Closed: it was not.
    """
    found = opening(key.url, login, {"ciphertext": copy["enc"]}, told="status", unfit=_UNFIT)
    try:
        return base64.b64decode(found["plaintext"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise Away("what comes back is no answer of Google's") from None


def _web(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
