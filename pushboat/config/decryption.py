"""`decryption`: with which keys files of SOPS are opened for one environment; the operator alone says so.

Keys stand for one environment, so that what is pushed for staging opens nothing of production's. Several count at once,
for rotation. What is looked at here is how a key is written; the library that uses it is loaded by the worker only.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Self

from pydantic import Field, PrivateAttr, model_validator

from pushboat.config.keepers import Kept
from pushboat.config.keeping import AwsSection, AzureSection, GoogleSection, VaultSection
from pushboat.config.schema import Section
from pushboat.config.secret import SecretSource

MOST_KEYS = 20
_MARK_DIGITS = 16
_AGE_KEY = re.compile(r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}")
_PGP = "-----BEGIN PGP PRIVATE KEY BLOCK-----"
_PGP_PUBLIC = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
_EXPORT = "`gpg --export-secret-keys --armor`"
_OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class Decryption:
    """The keys of one environment: age identities and private keys of OpenSSH, private keys of OpenPGP, and keepers'.

    `marks` tell them apart in the open.
    """

    age: tuple[str, ...] = field(default=(), repr=False)
    pgp: tuple[str, ...] = field(default=(), repr=False)
    kept: tuple[Kept, ...] = ()
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


class PgpKeySource(SecretSource):
    """Where an OpenPGP key is: a file as `gpg --export-secret-keys --armor` writes it, or a variable with the same."""

    @model_validator(mode="after")
    def _demand_private(self) -> Self:
        where = self.file or self.env
        if _PGP_PUBLIC in self.value:
            raise ValueError(f"needs the private key in {where}, and a public one stands there: {_EXPORT} writes it")
        if _PGP not in self.value:
            raise ValueError(f"needs an OpenPGP key in {where}, text that begins with {_PGP}: {_EXPORT} writes it")
        return self


class DecryptionSection(Section):
    """The keys of one environment as they are written."""

    age: list[AgeKeySource] = Field(default_factory=list, min_length=1, max_length=MOST_KEYS)
    pgp: list[PgpKeySource] = Field(default_factory=list, min_length=1, max_length=MOST_KEYS)
    kms: list[AwsSection] = Field(default_factory=list, min_length=1, max_length=MOST_KEYS)
    gcp_kms: list[GoogleSection] = Field(default_factory=list, min_length=1, max_length=MOST_KEYS)
    azure_kv: list[AzureSection] = Field(default_factory=list, min_length=1, max_length=MOST_KEYS)
    hc_vault: list[VaultSection] = Field(default_factory=list, min_length=1, max_length=MOST_KEYS)

    @model_validator(mode="after")
    def _demand_some(self) -> Self:
        kept = self._kept
        if not self.age and not self.pgp and not kept:
            raise ValueError(
                "needs keys: age: [{file: PATH}], pgp: [{file: PATH}], or a keeper's: kms, gcp_kms, azure_kv, hc_vault"
            )
        names = [each.key for each in kept]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise ValueError(f"has two entries for {twice}: leave one of them")
        return self

    @property
    def _kept(self) -> list[Kept]:
        clouds: list[Kept] = [*(each.kept() for each in self.gcp_kms), *(each.kept() for each in self.azure_kv)]
        return [*(each.kept() for each in self.kms), *clouds, *(each.kept() for each in self.hc_vault)]

    def decryption(self) -> Decryption:
        """Make the keys."""
        found = tuple(dict.fromkeys(key for source in self.age for key in source.identities))
        pgp = tuple(dict.fromkeys(source.value.strip() for source in self.pgp))
        marks = tuple(map(_mark, (*found, *pgp)))  # keepers' keys have names that are no secret
        return Decryption(age=found, pgp=pgp, kept=tuple(self._kept), marks=marks)


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
