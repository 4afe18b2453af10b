"""What is known of a signature: the verdict's words."""

from dataclasses import dataclass
from enum import StrEnum

from pushboat.config.signers import Signer


class Outcome(StrEnum):
    """What a signature is worth."""

    GOOD = "good"
    BAD = "bad"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN_KEY = "unknown key"
    NOT_A_SIGNER = "not a signer"
    UNSIGNED = "unsigned"
    UNSIGNED_MERGE = "unsigned merge"
    UNKNOWN_KIND = "unknown kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a signature is worth, whose it is as the operator calls them, and by which key.

    `why` goes on where the outcome alone does not say it: what is bad, when a key ended, which kind is not known.
    `by_the_forge` says that the commit looks like one that the forge made itself.
    """

    outcome: Outcome
    signer: str = ""
    key: str = ""
    why: str = ""
    by_the_forge: bool = False

    @property
    def is_good(self) -> bool:
        """Say whether it may be deployed."""
        return self.outcome is Outcome.GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Signers:
    """Whose signatures count (`here`), and others whom the operator knows from elsewhere, to call them by name."""

    here: tuple[Signer, ...]
    elsewhere: tuple[Signer, ...] = ()


def bad(why: str, signer: str = "", key: str = "") -> Verdict:
    """Say that a signature does not count, and why."""
    return Verdict(outcome=Outcome.BAD, signer=signer, key=key, why=why)
