"""OpenPGP: the operator's private keys, and the data keys of files that were encrypted for them.

Anybody who can push can write a message to a public key, and a few kilobytes of one may unpack to all memory that there
is. So messages are opened in a process of their own, which has limits and sees nothing else.
"""

import base64
import json
import os
import sys
from collections.abc import Sequence

from workers.running import spawning
from workers.sops import packets

LONGEST = 30.0
"""Seconds, for all copies of one file's data key; a copy takes some milliseconds."""
LIMITS = spawning.Limits(cpu_seconds=30, file_size=0, open_files=64, data=512 << 20)
_MOST_PRINTED = 1 << 10


class UnusableKey(Exception):
    """A key of the operator's cannot open anything; says why."""


class TooMuch(Exception):
    """A message unpacks to more than anybody's data key."""


def fingerprint(key: str) -> str:
    """Name a private key by its public half.

    Raises:
        UnusableKey: it is none, or a passphrase protects it.
    """
    from pysequoia import Tsk

    try:
        found = Tsk.from_bytes(key.encode())
    except RuntimeError:  # its words are a trace of the library
        raise UnusableKey("is no OpenPGP key") from None
    try:
        found.decryptor()
    except RuntimeError:
        raise UnusableKey(
            "opens nothing: a passphrase protects it, or nothing of it is for encryption; export it without a "
            "passphrase (`gpg --export-secret-keys --armor`) and keep the file to yourself"
        ) from None
    return str(found.extract_certificate().fingerprint).upper()


def recipients(sealed: Sequence[str]) -> int:
    """Count the recipients of some messages."""
    return sum(packets.recipients(packets.unarmoured(each)) for each in sealed)


def opened(sealed: Sequence[str], keys: Sequence[str]) -> bytes | None:
    """Open the first of some messages that one of some keys opens; None where none does.

    What opens them is given the very bytes in which recipients were counted.

    Raises:
        TooMuch: that takes more memory or time than there is for it.
    """
    messages = [raw for raw in map(packets.unarmoured, sealed) if packets.recipients(raw)]
    if not messages or not keys:
        return None
    shown = [base64.b64encode(each).decode() for each in messages]
    question = json.dumps({"sealed": shown, "keys": list(keys)}).encode()
    try:
        finished = spawning.run(
            [sys.executable, "-P", "-m", "workers.sops.opening"],
            environ={"PATH": os.defpath},
            timeout=LONGEST,
            network=not spawning.network_can_be_cut(),
            stdin=question,
            max_output=_MOST_PRINTED,
            limits=LIMITS,
        )
    except spawning.TimedOut as late:
        raise TooMuch from late
    if finished.code != 0:
        raise TooMuch
    return base64.b64decode(finished.stdout) or None
