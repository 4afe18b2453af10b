"""Open one value of SOPS: AES-256-GCM with a nonce of 32 bytes, tied to the keys that lead to it.

A value that was copied to another place of the file, or into another file, does not open there.
"""

import base64
import binascii
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workers.sops.values import SEALED, Value


class NotOpened(Exception):
    """It is of another key, was changed, or stood elsewhere when it was encrypted."""


def opened(word: str, key: bytes, path: Sequence[str]) -> Value:
    """Decrypt a value that stands below these keys.

    Raises:
        NotOpened: it is of another key, was changed or moved.
    """
    return _opened(word, key, f"{':'.join(path)}:")


def opened_as(word: str, key: bytes, about: str) -> Value:
    """Decrypt what is tied to some other text.

    Raises:
        NotOpened: it is of another key, or was changed.
    """
    return _opened(word, key, about)


def _opened(word: str, key: bytes, about: str) -> Value:
    found = SEALED.fullmatch(word)
    if found is None:
        raise NotOpened
    try:
        data, nonce, tag = (base64.b64decode(found[part], validate=True) for part in ("data", "iv", "tag"))
        return Value(AESGCM(key).decrypt(nonce, data + tag, about.encode("utf-8", "surrogatepass")), found["sort"])
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise NotOpened from error
