"""A hold in words: its sentence, who ends it and how. What this version does not know is said as well as it can be."""

from collections.abc import Iterable, Mapping

from pushboat.model.hold import Hold
from pushboat.routing.holds.kind import HoldKind, Rank, because
from pushboat.routing.holds.table import KINDS

NEVER = float("inf")


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


def told(hold: Hold, kinds: Mapping[str, HoldKind] = KINDS) -> str:
    """Say a hold, and how it is ended."""
    command = ends_by(hold, kinds)
    return f"{sentence(hold, kinds)} ({command})" if command else sentence(hold, kinds)


def in_order(holds: Iterable[Hold], kinds: Mapping[str, HoldKind] = KINDS) -> list[Hold]:
    """Order holds as they will end: what ends by itself first, what a person must end last; then the older ones."""

    def place(hold: Hold) -> tuple[int, float, float, int]:
        kind = kinds.get(hold.kind)
        rank = Rank.CLOCK if hold.until else kind.rank if kind else Rank.PERSON
        return min(rank, kind.rank if kind else rank), hold.until or NEVER, hold.since, hold.id

    return sorted(holds, key=place)
