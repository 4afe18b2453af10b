"""One value of SOPS: how it looks while it is encrypted, what it is afterwards, and how it is spelt then."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from workers.sops.words import Form, Leaf

SEALED = re.compile(
    r"ENC\[AES256_GCM,data:(?P<data>[A-Za-z0-9+/=]*),iv:(?P<iv>[A-Za-z0-9+/=]+),tag:(?P<tag>[A-Za-z0-9+/=]+)"
    r",type:(?P<sort>[a-z]+)\]"
)
_NEEDS_BACKTICKS = re.compile(r"[#;]")
COMMENT = "comment"


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


@dataclass(frozen=True, slots=True)
class Opened:
    """An encrypted leaf, with what it holds."""

    leaf: Leaf
    value: Value


def is_sealed(word: str) -> bool:
    """Say whether a word is a value that SOPS has encrypted."""
    return word.startswith("ENC[") and SEALED.fullmatch(word) is not None


def sort_of(word: str) -> str:
    """Say of what sort an encrypted value is, which is not secret."""
    found = SEALED.fullmatch(word)
    return found["sort"] if found else "str"


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
