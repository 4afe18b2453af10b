"""A hold in words: its sentence, who ends it and how. What this version does not know is said as well as it can be."""

from collections.abc import Iterable, Mapping

from pushboat.model.deployment import Deployment, Held
from pushboat.model.hold import Hold
from pushboat.model.wording import ended_by
from pushboat.routing.holds.kind import HoldKind, Rank, because
from pushboat.routing.holds.locking import NEVER
from pushboat.routing.holds.table import KINDS


def sentence(hold: Hold, kinds: Mapping[str, HoldKind] = KINDS) -> str:
    """Say a hold in one sentence that stands alone."""
    kind = kinds.get(hold.kind)
    return kind.sentence(hold) if kind else f"held back ({hold.kind}) by {hold.by}{because(hold)}"


def ends_by(hold: Hold, kinds: Mapping[str, HoldKind] = KINDS) -> str:
    """Give the command that ends a hold; empty where there is none."""
    kind = kinds.get(hold.kind)
    return kind.ends(hold) if kind else ""


def who_ends(hold: Hold, kinds: Mapping[str, HoldKind] = KINDS) -> str:
    """Say in words who can end a hold, or what does."""
    kind = kinds.get(hold.kind)
    return kind.who(hold) if kind else ""


def in_words(hold: Hold, kinds: Mapping[str, HoldKind] = KINDS) -> Held:
    """Give a hold as everybody is told of it."""
    return Held(
        sentence=sentence(hold, kinds),
        who=who_ends(hold, kinds),
        ends_by=ends_by(hold, kinds),
        kind=hold.kind,
        since=hold.since,
        until=_clock(hold),
        id=hold.id,
    )


def told(held: Held) -> str:
    """Say a hold, and who ends it and how, in one line."""
    way = ended_by(held.who, held.ends_by)
    return f"{held.sentence} ({way})" if way else held.sentence


def all_told(latest: Deployment | None, holds: Iterable[Hold]) -> tuple[Held, ...]:
    """Give what an environment's latest deployment waits for, then what else holds the environment."""
    first = latest.holds if latest else ()
    said = {held.id for held in first}
    return (*first, *(in_words(hold) for hold in holds if hold.id not in said))


def in_order(holds: Iterable[Hold], kinds: Mapping[str, HoldKind] = KINDS) -> list[Hold]:
    """Order holds as they will end: what ends by itself first, what a person must end last; then the older ones."""

    def place(hold: Hold) -> tuple[int, float, float, float, int]:
        kind = kinds.get(hold.kind)
        until = _clock(hold)
        rank = Rank.CLOCK if until else kind.rank if kind else Rank.PERSON
        return min(rank, kind.rank if kind else rank), until or NEVER, hold.begins, hold.since, hold.id

    return sorted(holds, key=place)


def _clock(hold: Hold) -> float | None:
    """Give when the clock ends it; nobody knows where it begins after one that has no end."""
    return hold.until if hold.until and hold.until < NEVER else None
