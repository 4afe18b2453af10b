"""What a forge's own environment demands of a deployment: read of GitHub and GitLab into the same few words."""

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """How a forge names people: one by one, as a team or group, or by what they may do in the repository."""

    USER = "user"
    GROUP = "group"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, or several people, as a rule names them; `name` is a login, a team's or group's path, or a level."""

    sort: Sort
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """So many of these people must approve."""

    among: tuple[Who, ...]
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeRules:
    """The rules of one environment; without any, everything is left open.

    `deployers` may start a deployment (None: everybody; nobody may where it is empty). `branches` and `tags` are the
    patterns of what may be deployed (None for both: whatever it is). `consents` must all be had; `self_review` lets
    whoever asked for a deployment give one. `wait` is how long it waits from its beginning, in seconds. `unknown` names
    rules that this version does not know.
    """

    environment: str
    deployers: tuple[Who, ...] | None = None
    branches: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    consents: tuple[Consent, ...] = ()
    self_review: bool = True
    wait: float = 0.0
    unknown: tuple[str, ...] = ()

    @property
    def named(self) -> frozenset[Who]:
        """Give everybody whom the rules name."""
        among = (who for consent in self.consents for who in consent.among)
        return frozenset((*among, *(self.deployers or ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at the forge, and which of the people whom the rules name that is."""

    name: str
    is_among: frozenset[Who] = frozenset()
