"""One value of SOPS: AES-256-GCM with a nonce of 32 bytes, tied to the keys that lead to it; and how it is spelt.

A value that was copied to another place of the file, or into another file, does not open there.
"""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workers.sops.words import Form

_SEALED = re.compile(
    r"ENC\[AES256_GCM,data:(?P<data>[A-Za-z0-9+/=]*),iv:(?P<iv>[A-Za-z0-9+/=]+),tag:(?P<tag>[A-Za-z0-9+/=]+)"
    r",type:(?P<sort>[a-z]+)\]"
)
_NEEDS_BACKTICKS = re.compile(r"[#;]")
COMMENT = "comment"


class NotOpened(Exception):
    """It is of another key, was changed, or stood elsewhere when it was encrypted."""


@dataclass(frozen=True, slots=True)
class Value:
    """A decrypted value: its bytes, and its sort as SOPS names it."""

    raw: bytes = field(repr=False)
    sort: str = "str"

    @property
    def data(self) -> Any:
        """Give it as JSON data; bytes that are no text stay bytes."""
        if self.sort == "bool":
            return self.raw.lower() in (b"true", b"1", b"t")
        text = self.text
        if self.sort == "int":
            return int(text)
        if self.sort == "float":
            number = float(text)
            return int(Decimal(repr(number))) if number.is_integer() else number
        return text

    @property
    def text(self) -> str:
        """Give it as text.

        Raises:
            UnicodeDecodeError: it is none.
        """
        return self.raw.decode()

    @property
    def proof(self) -> bytes:
        """Give what the file's proof is made of."""
        if self.sort == COMMENT:
            return b""
        if self.sort == "bool":
            return b"True" if self.data else b"False"
        if self.sort == "int":
            return str(self.data).encode()
        return of_float(float(self.raw)) if self.sort == "float" else self.raw

    def spelt(self, form: Form) -> bytes:
        """Spell it as it stands in a file of a form, with its quotes."""
        if form is Form.BINARY:
            return self.raw
        if form is Form.DOTENV:
            return self.raw.replace(b"\n", b"\\n")
        if form is Form.INI:
            return _of_ini(self.raw)
        return json.dumps(self.data, ensure_ascii=False).encode() if self.sort != "time" else self.raw


def is_sealed(word: str) -> bool:
    """Say whether a word is a value that SOPS has encrypted."""
    return word.startswith("ENC[") and _SEALED.fullmatch(word) is not None


def sort_of(word: str) -> str:
    """Say of what sort an encrypted value is, which is not secret."""
    found = _SEALED.fullmatch(word)
    return found["sort"] if found else "str"


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
    found = _SEALED.fullmatch(word)
    if found is None:
        raise NotOpened
    try:
        data, nonce, tag = (base64.b64decode(found[part], validate=True) for part in ("data", "iv", "tag"))
        return Value(AESGCM(key).decrypt(nonce, data + tag, about.encode("utf-8", "surrogatepass")), found["sort"])
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise NotOpened from error


def of_float(number: float) -> bytes:
    """Write a number as Go does without an exponent, with as few digits as name it."""
    shown = format(Decimal(repr(number)), "f")
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).encode()


def of_time(word: str) -> bytes:
    """Write a time as Go does; the word itself where it is none."""
    try:
        when = datetime.fromisoformat(word)
    except ValueError:
        return word.encode()
    offset = when.utcoffset()
    shown = when.replace(tzinfo=None).isoformat()
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    zone = when.strftime("%z") if offset else ""
    return f"{shown}{f'{zone[:3]}:{zone[3:5]}' if zone else 'Z'}".encode()


def _of_ini(raw: bytes) -> bytes:
    """Quote what an INI file cannot hold as it is, as the library of SOPS does."""
    text = raw.decode("utf-8", "surrogateescape")
    if "\n" in text or "`" in text:
        shown = f'"""{text}"""'
    elif _NEEDS_BACKTICKS.search(text):
        shown = f"`{text}`"
    else:
        shown = f'"{text}"' if text != text.strip() else text
    return shown.encode("utf-8", "surrogateescape")
