"""From an environment's own keys to a file's data key: age here, OpenPGP beside it; who must act where none fits."""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyrage

from pushboat.errors import NotConfigured
from pushboat.model.wording import listed, printable
from workers.sops import openpgp
from workers.sops.words import Encrypted, refused

DATA_KEY_BYTES = 32
MOST_RECIPIENTS = 100
"""Of one file; each is tried with each key."""
LARGEST_SEALED_KEY = 16 << 10
"""Characters of one recipient's copy of the data key."""
_AGE_BEGIN, _AGE_END = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"
_ELSEWHERE = {
    "kms": "AWS KMS", "gcp_kms": "Google Cloud KMS", "azure_kv": "Azure Key Vault",
    "hc_vault": "Vault", "hckms": "HuaweiCloud KMS",
}  # fmt: skip
_UNREAD = ("unencrypted_comment_regex", "encrypted_comment_regex")


@dataclass(frozen=True)
class Keys:
    """The keys that one environment may open files with, as its operator's files hold them."""

    environment: str
    age: tuple[str, ...] = field(default=(), repr=False)
    pgp: tuple[str, ...] = field(default=(), repr=False)

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

    @property
    def names(self) -> list[str]:
        """Name them for people."""
        return [*(public or "a key of OpenSSH" for _, public in self.identities), *self.fingerprints]

    def data_key(self, encrypted: Encrypted) -> bytes:
        """Open a file's data key.

        Raises:
            DecryptionFailed: none of ours opens it; says for whom it was encrypted, and what to do.
            NotConfigured: one of ours cannot be read.
        """
        about, place = encrypted.about, encrypted.place
        _refuse_what_is_not_read(about, place)
        recipients = list(_recipients(about, "age", "recipient", place))
        for recipient, sealed in recipients:
            for identity, public in self.identities:
                if recipient and public and recipient != public:
                    continue
                if (found := _opened(sealed, identity)) is not None:
                    return _whole(found, place)
        of_openpgp = list(_recipients(about, "pgp", "fp", place))
        ours = self.pgp if of_openpgp and self.fingerprints else ()
        try:
            found = openpgp.opened([sealed for _, sealed in of_openpgp], ours)
        except openpgp.TooMuch:
            raise refused(place, "a copy of its data key unpacks to more than one: encrypt the file anew") from None
        if found is not None:
            return _whole(found, place)
        raise refused(place, self._nobody(about, [recipient for recipient, _ in (*recipients, *of_openpgp)]))

    def _nobody(self, about: Mapping[str, Any], recipients: Sequence[str]) -> str:
        if not self.age and not self.pgp:
            return (
                f"this is encrypted with SOPS, and {self.environment} has no key: its operator must name one under "
                f"`decryption` of {self.environment}, or remove the file"
            )
        if not recipients:
            others = listed(name for key, name in _ELSEWHERE.items() if about.get(key)) or "nobody"
            opens = "Pushboat opens age and OpenPGP: add such a key with `sops updatekeys`"
            return f"this is encrypted for {others}, and {opens}"
        ours = listed(map(_short, self.names))
        return (
            f"this is encrypted for {listed(map(_short, recipients[:3]))}, and {self.environment} has {ours}: add that "
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


def _recipients(about: Mapping[str, Any], sort: str, named: str, place: str) -> Iterator[tuple[str, str]]:
    """Give for whom the data key was sealed by one sort of key, and each one's copy of it."""
    found = [*_listed(about.get(sort))]
    for group in _listed(about.get("key_groups")):
        found += _listed(group.get(sort))
    if len(found) > MOST_RECIPIENTS:
        raise refused(place, f"this is encrypted for more than {MOST_RECIPIENTS} recipients: remove some")
    for one in found:
        recipient, sealed = one.get(named), one.get("enc")
        if isinstance(sealed, str) and len(sealed) <= LARGEST_SEALED_KEY:
            yield (recipient if isinstance(recipient, str) else ""), sealed


def _listed(value: Any) -> Iterable[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _refuse_what_is_not_read(about: Mapping[str, Any], place: str) -> None:
    for name in _UNREAD:
        if about.get(name):
            raise refused(place, f"`{name}` is not read here: encrypt by `encrypted_regex`")
    groups = [*_listed(about.get("key_groups"))]
    if len(groups) > 1:
        raise refused(place, "this needs keys of several groups at once: encrypt it for one group")


def _whole(key: bytes, place: str) -> bytes:
    if len(key) != DATA_KEY_BYTES:
        raise refused(place, "its data key is none of SOPS: encrypt the file anew")
    return key


def _short(recipient: str) -> str:
    """Name a public key so that it can be told from others, and a status still has room."""
    return printable(recipient if len(recipient) <= 16 else f"{recipient[:12]}…")
