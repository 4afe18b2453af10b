"""From an environment's own keys to a file's data key: age here, others beside it; who must act where none fits."""

import base64
import binascii
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import pyrage

from pushboat.config.decryption import Decryption
from pushboat.config.keepers import Kept
from pushboat.errors import NotConfigured
from pushboat.model.wording import listed, printable
from workers.sops import openpgp
from workers.sops.keepers.choosing import Keepers, encrypted_for
from workers.sops.recipients import copies, refuse_what_is_not_read
from workers.sops.words import Encrypted, refused

DATA_KEY_BYTES = 32
_AGE_BEGIN, _AGE_END = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"
_ELSEWHERE = {"gcp_kms": "Google Cloud KMS", "azure_kv": "Azure Key Vault", "hckms": "HuaweiCloud KMS"}


@dataclass(frozen=True)
class Keys:
    """The keys that one environment may open files with, as its operator's files hold them."""

    environment: str
    age: tuple[str, ...] = field(default=(), repr=False)
    pgp: tuple[str, ...] = field(default=(), repr=False)
    kept: tuple[Kept, ...] = ()

    @classmethod
    def of(cls, environment: str, own: Decryption) -> Self:
        """Take an environment's keys as the operator's file has them."""
        return cls(environment, own.age, own.pgp, own.kept)

    @cached_property
    def identities(self) -> list[tuple[Any, str]]:
        """Read them, each with its public name; empty for one of SSH.

        Raises:
            NotConfigured: one of them is none.
        """
        try:
            return [_identity(each) for each in self.age]
        except ValueError:
            raise NotConfigured(
                f"a key under `decryption` of {self.environment} is no key: its operator must replace it"
            ) from None

    @cached_property
    def fingerprints(self) -> list[str]:
        """Name the OpenPGP keys, as files name them.

        Raises:
            NotConfigured: one of them cannot be used.
        """
        try:
            return [openpgp.fingerprint(each) for each in self.pgp]
        except openpgp.UnusableKey as wrong:
            raise NotConfigured(f"an OpenPGP key under `decryption` of {self.environment} {wrong}") from None

    @cached_property
    def keepers(self) -> Keepers:
        """Give those that are asked for this environment."""
        return Keepers(self.environment, self.kept)

    @property
    def names(self) -> list[str]:
        """Name them for people."""
        own = [public or "a key of OpenSSH" for _, public in self.identities]
        return [*own, *self.fingerprints, *self.keepers.names]

    def data_key(self, encrypted: Encrypted) -> bytes:
        """Open a file's data key: with what is here first, and then by asking a keeper.

        Raises:
            DecryptionFailed: none of ours opens it; says for whom it was encrypted, and what to do.
            NotConfigured: one of ours cannot be read, or its keeper does not let us.
            KeeperUnavailable: a keeper does not answer.
        """
        refuse_what_is_not_read(encrypted)
        found = self._by_age(encrypted) or self._by_openpgp(encrypted) or self.keepers.opened(encrypted)
        if found is None:
            raise refused(encrypted.place, self._nobody(encrypted))
        if len(found) != DATA_KEY_BYTES:
            raise refused(encrypted.place, "its data key is none of SOPS: encrypt the file anew")
        return found

    def _by_age(self, encrypted: Encrypted) -> bytes | None:
        for copy in copies(encrypted, "age"):
            recipient = copy.get("recipient")
            for identity, public in self.identities:
                if recipient and public and recipient != public:
                    continue
                if (found := _opened(copy["enc"], identity)) is not None:
                    return found
        return None

    def _by_openpgp(self, encrypted: Encrypted) -> bytes | None:
        sealed = [copy["enc"] for copy in copies(encrypted, "pgp")]
        try:
            return openpgp.opened(sealed, self.pgp if sealed and self.fingerprints else ())
        except openpgp.TooMuch:
            raise refused(
                encrypted.place, "a copy of its data key unpacks to more than one: encrypt the file anew"
            ) from None

    def _nobody(self, encrypted: Encrypted) -> str:
        if not self.age and not self.pgp and not self.kept:
            return (
                f"this is encrypted with SOPS, and {self.environment} has no key: its operator must name one under "
                f"`decryption` of {self.environment}, or remove the file"
            )
        named = [
            copy.get(name) for sort, name in (("age", "recipient"), ("pgp", "fp")) for copy in copies(encrypted, sort)
        ]
        recipients = [*(_short(each) for each in named if isinstance(each, str)), *encrypted_for(encrypted)]
        if not recipients:
            others = listed(name for key, name in _ELSEWHERE.items() if encrypted.about.get(key)) or "nobody"
            return f"this is encrypted for {others}, whom Pushboat does not ask: add another key with `sops updatekeys`"
        ours = listed(map(_short, self.names))
        return (
            f"this is encrypted for {listed(recipients[:3])}, and {self.environment} has {ours}: add that "
            "one to .sops.yaml and run `sops updatekeys`, or ask the operator to add yours"
        )


def _identity(text: str) -> tuple[Any, str]:
    try:
        if text.startswith("AGE-"):
            found = pyrage.x25519.Identity.from_str(text)
            return found, str(found.to_public())
        return pyrage.ssh.Identity.from_buffer(text.encode() + b"\n"), ""
    except (pyrage.IdentityError, ValueError) as error:
        raise ValueError("is no age key") from error


def _opened(sealed: str, identity: Any) -> bytes | None:
    try:
        return bytes(pyrage.decrypt(_unarmoured(sealed), [identity]))
    except (pyrage.DecryptError, ValueError, binascii.Error):
        return None


def _unarmoured(sealed: str) -> bytes:
    body = sealed.strip().removeprefix(_AGE_BEGIN).removesuffix(_AGE_END)
    return base64.b64decode("".join(body.split()), validate=True)


def _short(recipient: str) -> str:
    """Name a public key so that it can be told from others, and a status still has room."""
    return printable(recipient if len(recipient) <= 16 else f"{recipient[:12]}…")
