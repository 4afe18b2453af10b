"""Decrypt a file's values in order, and hold them against its proof of being whole (SOPS calls it MAC).

The proof covers every value, or, where the file says `mac_only_encrypted`, those that are encrypted. Which ones are, is
seen by their looks: the rules in the file are regular expressions that somebody pushed, and nobody here runs those.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from workers.sops.keys import Keys
from workers.sops.unsealing import NotOpened, opened, opened_as
from workers.sops.values import COMMENT, Opened, Value
from workers.sops.words import Encrypted, Leaf, refused

_ONLY_ENCRYPTED = bytes.fromhex("8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69")
"""What the proof begins with where it covers encrypted values alone."""


def opened_with(keys: Keys) -> Callable[[Encrypted], list[Opened]]:
    """Give the way to decrypt files with these keys."""
    return lambda encrypted: decrypted(encrypted, keys)


def decrypted(encrypted: Encrypted, keys: Keys) -> list[Opened]:
    """Decrypt a file's values; all of them, or none.

    Raises:
        DecryptionFailed: no key opens it, or it is not as it was when it was encrypted; with place and what to do.
    """
    key = keys.data_key(encrypted)
    only = str(encrypted.about.get("mac_only_encrypted", "")).lower() == "true"
    found, proof = [], hashlib.sha512(_ONLY_ENCRYPTED if only else b"")
    for leaf in encrypted.leaves:
        if leaf.plain is not None:
            proof.update(b"" if only else leaf.plain)
            continue
        value = _value(encrypted, leaf, key)
        found.append(Opened(leaf, value))
        proof.update(value.proof)
    if not hmac.compare_digest(_said(encrypted, key), proof.hexdigest().upper().encode()):
        raise refused(
            encrypted.place,
            "this was changed after it was encrypted, so nothing of it is used: edit it with `sops`",
        )
    return [each for each in found if each.value.sort != COMMENT]


def _value(encrypted: Encrypted, leaf: Leaf, key: bytes) -> Value:
    with suppress(NotOpened, ValueError):
        value = opened(leaf.word, key, leaf.path)
        _ = value.proof  # a number that is none
        return value
    # Outside of any handler: Python's error of a number that is none quotes the value, and would be kept beside ours.
    raise refused(
        f"{encrypted.file}:{leaf.line}:{leaf.column}",
        "this value was changed, or encrypted for another place: edit the file with `sops`",
    )


def _said(encrypted: Encrypted, key: bytes) -> bytes:
    """Give the proof that the file brings."""
    about: Mapping[str, Any] = encrypted.about
    mac, when = about.get("mac"), about.get("lastmodified")
    if not isinstance(mac, str) or not isinstance(when, str):
        raise refused(encrypted.place, "its `sops` block lacks `mac` or `lastmodified`: encrypt the file anew")
    try:
        return opened_as(mac, key, when).raw
    except NotOpened as error:
        raise refused(
            encrypted.place,
            "its `mac` is of another file, or was changed: edit the file with `sops`",
        ) from error
