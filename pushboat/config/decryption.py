"""`decryption`: with which keys files of SOPS are opened for one environment; the operator alone says so.

Keys stand for one environment, so that what is pushed for staging opens nothing of production's. Several count at once,
for rotation. What is looked at here is how a key is written; the library that uses it is loaded by the worker only.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Self

from pydantic import Field, PrivateAttr, model_validator

from pushboat.config.schema import Section
from pushboat.config.secret import SecretSource

MOST_KEYS = 20
_MARK_DIGITS = 16
_AGE_KEY = re.compile(r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}")
_OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class Decryption:
    """The keys of one environment: age identities, and private keys of OpenSSH; `marks` tell them apart in the open."""

    age: tuple[str, ...] = field(default=(), repr=False)
    marks: tuple[str, ...] = ()


NO_KEYS = Decryption()


class AgeKeySource(SecretSource):
    """Where age keys are: a file as `age-keygen` writes it, or a variable that holds the same."""

    _identities: tuple[str, ...] = PrivateAttr(())

    @property
    def identities(self) -> tuple[str, ...]:
        """Give the keys themselves."""
        return self._identities

    @model_validator(mode="after")
    def _read(self) -> Self:
        self._identities = _identities(self.value, self.file or self.env)
        return self


class DecryptionSection(Section):
    """The keys of one environment as they are written."""

    age: list[AgeKeySource] = Field(min_length=1, max_length=MOST_KEYS)

    def decryption(self) -> Decryption:
        """Make the keys."""
        found = tuple(dict.fromkeys(key for source in self.age for key in source.identities))
        return Decryption(age=found, marks=tuple(map(_mark, found)))


def _identities(text: str, where: str) -> tuple[str, ...]:
    if _OPENSSH in text:
        return (text.strip(),)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in lines:
        if line.startswith("age1"):
            raise ValueError(
                f"needs the secret key in {where}, and a public one stands there: `age-keygen` writes both"
            )
        if not _AGE_KEY.fullmatch(line):
            raise ValueError(
                f"needs age keys in {where}, lines that begin with AGE-SECRET-KEY-1: `age-keygen` writes one"
            )
    if not lines:
        raise ValueError(f"needs an age key in {where}, which holds none: `age-keygen` writes one")
    return tuple(lines)


def _mark(key: str) -> str:
    """Name a key by what tells nobody the key: it is 32 random bytes, which cannot be guessed."""
    return hashlib.sha256(key.encode()).hexdigest()[:_MARK_DIGITS]
