"""age: the operator's identities, and the data keys of files that were encrypted for them.

A message has a stanza for each recipient, and its library tries each of them, which costs 2 ms. SOPS writes one a
message, and anybody else as many as fit; so stanzas are counted here, and a key is tried on those of its own sort.
"""

import base64
import binascii
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pyrage
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_private_key

from workers.sops import effort

BEGIN, END = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"
_VERSION = b"age-encryption.org/v1\n"
_OF_NOBODY = "-grease"
"""What the libraries of some end a stanza's sort with that is there to be passed over."""
_X25519, _RSA, _ED25519 = "X25519", "ssh-rsa", "ssh-ed25519"


@dataclass(frozen=True, slots=True)
class Identity:
    """A key, the public name by which files call it, empty where that is unknown, and the stanzas that it may open."""

    key: Any = field(repr=False)
    public: str
    sorts: tuple[str, ...]

    @property
    def shown(self) -> str:
        """Name it for people."""
        return self.public if self.sorts == (_X25519,) else "a key of OpenSSH"


@dataclass(frozen=True, slots=True)
class Message:
    """A copy of a data key: its bytes, and of which sort each of its stanzas is."""

    raw: bytes = field(repr=False)
    sorts: Sequence[str]

    @property
    def recipients(self) -> int:
        """Count for whom it is."""
        return sum(not sort.endswith(_OF_NOBODY) for sort in self.sorts)

    def cost(self, identity: Identity) -> int:
        """Say what it costs to try a key on it; nothing where none of its stanzas is of the key's sort."""
        own = [sort for sort in self.sorts if sort in identity.sorts]
        return sum(effort.AGE_BY_RSA if sort == _RSA else effort.AGE for sort in own)

    def opened(self, identity: Identity) -> bytes | None:
        """Open it; None where this is not the key."""
        try:
            return bytes(pyrage.decrypt(self.raw, [identity.key]))
        except (pyrage.DecryptError, ValueError):
            return None


NO_MESSAGE = Message(b"", ())


def identity_of(text: str) -> Identity:
    """Read a key.

    Raises:
        ValueError: it is none.
    """
    try:
        if text.startswith("AGE-"):
            found = pyrage.x25519.Identity.from_str(text)
            return Identity(found, str(found.to_public()), (_X25519,))
        return Identity(pyrage.ssh.Identity.from_buffer(text.encode() + b"\n"), *_of_openssh(text))
    except (pyrage.IdentityError, ValueError) as error:
        raise ValueError("is no age key") from error


def message_of(sealed: str) -> Message:
    """Take a copy of a data key apart; one without recipients where it is none."""
    body = sealed.strip().removeprefix(BEGIN).removesuffix(END)
    try:
        raw = base64.b64decode("".join(body.split()), validate=True)
    except (ValueError, binascii.Error):
        return NO_MESSAGE
    if not raw.startswith(_VERSION):  # armour once more, whose stanzas would be counted by nobody
        return NO_MESSAGE
    header = raw.partition(b"\n---")[0].decode("ascii", "replace")
    return Message(raw, [f"{line[3:]} ".split(" ", 1)[0] for line in header.split("\n") if line.startswith("-> ")])


def _of_openssh(text: str) -> tuple[str, tuple[str, ...]]:
    """Give a key's public half as files write it, and its sort; it has no name where it cannot be read here."""
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):
        public = load_ssh_private_key(text.encode() + b"\n", password=None).public_key()
        shown = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        return shown, (shown.partition(" ")[0],)
    return "", (_RSA, _ED25519)
