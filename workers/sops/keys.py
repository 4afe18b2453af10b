"""From an environment's own keys to a file's data key: age here, others beside it; who must act where none fits."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from pushboat.config.decryption import Decryption
from pushboat.config.keepers import Kept
from pushboat.errors import NotConfigured
from pushboat.model.wording import listed, printable
from workers.sops import openpgp
from workers.sops.age import Identity, identity_of, message_of
from workers.sops.effort import OPENPGP, PROCESS, Effort
from workers.sops.keepers.choosing import Keepers, encrypted_for
from workers.sops.recipients import copies, demand_few, refuse_what_is_not_read
from workers.sops.words import Encrypted, refused

DATA_KEY_BYTES = 32
_MOST_NAMED = 3
_ELSEWHERE = {"hckms": "HuaweiCloud KMS"}


@dataclass(frozen=True)
class Keys:
    """The keys that one environment may open files with, as its operator's files hold them; made for one deployment."""

    environment: str
    age: tuple[str, ...] = field(default=(), repr=False)
    pgp: tuple[str, ...] = field(default=(), repr=False)
    kept: tuple[Kept, ...] = ()

    @classmethod
    def of(cls, environment: str, own: Decryption) -> Self:
        """Take an environment's keys as the operator's file has them."""
        return cls(environment, own.age, own.pgp, own.kept)

    @cached_property
    def effort(self) -> Effort:
        """Count what trying them costs."""
        return Effort(self.environment)

    @cached_property
    def identities(self) -> list[Identity]:
        """Read those of age.

        Raises:
            NotConfigured: one of them is none.
        """
        try:
            return [identity_of(each) for each in self.age]
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
        return [*(each.shown for each in self.identities), *self.fingerprints, *self.keepers.names]

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
        found = [(copy.get("recipient"), message_of(copy["enc"])) for copy in copies(encrypted, "age")]
        demand_few(encrypted, sum(message.recipients for _, message in found))
        for recipient, message in found:
            for identity in self.identities:
                if recipient and identity.public and _words(recipient) != identity.public:
                    continue
                if not (cost := message.cost(identity)):
                    continue
                self.effort.spend(encrypted.place, cost)
                if (opened := message.opened(identity)) is not None:
                    return opened
        return None

    def _by_openpgp(self, encrypted: Encrypted) -> bytes | None:
        sealed = [copy["enc"] for copy in copies(encrypted, "pgp")]
        count = openpgp.recipients(sealed)
        demand_few(encrypted, count)
        if not count or not self.fingerprints:
            return None
        self.effort.spend(encrypted.place, PROCESS + OPENPGP * count * len(self.pgp))
        try:
            return openpgp.opened(sealed, self.pgp)
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
        names = self.names
        more = [f"{len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else []
        ours = listed([*map(_short, names[:_MOST_NAMED]), *more])
        return (
            f"this is encrypted for {listed(recipients[:_MOST_NAMED])}, and {self.environment} has {ours}: add that "
            "one to .sops.yaml and run `sops updatekeys`, or ask the operator to add yours"
        )


def _words(recipient: object) -> str:
    """Give a recipient without the remark that may stand behind a key of OpenSSH."""
    return " ".join(str(recipient).split()[:2])


def _short(recipient: str) -> str:
    """Name a public key so that it can be told from others, and a status still has room."""
    return printable(recipient if len(recipient) <= 16 else f"{recipient[:12]}…")
