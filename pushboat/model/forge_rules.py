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
    """Somebody, or several people, as a rule names them; `name` is a login, a team's or group's path, or a level.

    Of a group: `level` is what its members must have there at least; `direct` leaves out those of groups above it.
    """

    sort: Sort
    name: str
    level: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """So many of these people must approve; each must be one of every list in `besides` too."""

    among: tuple[Who, ...]
    count: int = 1
    besides: tuple[tuple[Who, ...], ...] = ()

    def counts(self, person: "Person") -> bool:
        """Say whether somebody is one of these people."""
        return all(person.is_among & set(those) for those in (self.among, *self.besides))


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeRules:
    """The rules of one environment; without any, everything is left open.

    `deployers` are lists of people: whoever starts a deployment must be in each (nobody is in an empty one).
    `branches` and `tags` are the patterns of what may be deployed (None for both: whatever it is). `consents` must all
    be had; `self_review` lets whoever asked for a deployment give one. `wait` is how long it waits from its beginning,
    in seconds. `unknown` names rules that this version does not know.
    """

    environment: str
    deployers: tuple[tuple[Who, ...], ...] = ()
    branches: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    consents: tuple[Consent, ...] = ()
    self_review: bool = True
    wait: float = 0.0
    unknown: tuple[str, ...] = ()

    @property
    def named(self) -> frozenset[Who]:
        """Give everybody whom the rules name."""
        asked = (those for consent in self.consents for those in (consent.among, *consent.besides))
        return frozenset(who for those in (*asked, *self.deployers) for who in those)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at the forge, and which of the people whom the rules name that is."""

    name: str
    is_among: frozenset[Who] = frozenset()
