"""The key `needs`: which environments must be healthy at a commit before another one gets it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pushboat.model.wording import listed, near_miss, quoted

MOST_NEEDS = 20


@dataclass(frozen=True, slots=True)
class NeedMistake:
    """What is wrong with one of an environment's needs: its place in the list, and a sentence."""

    environment: str
    index: int
    message: str


def unique(needs: list[str]) -> list[str]:
    """Accept a list that names nothing twice."""
    if len(set(needs)) < len(needs):
        raise ValueError("names an environment twice")
    return needs


def mistakes_in(needs: Mapping[str, Sequence[str]], there: Collection[str]) -> Iterator[NeedMistake]:
    """Find needs that nobody can meet: of an environment that is not `there`, of itself, or of each other in a ring."""
    for name, wanted in needs.items():
        for index, other in enumerate(wanted):
            if other == name:
                yield NeedMistake(name, index, "an environment cannot wait for itself")
            elif other not in there:
                hint = near_miss(other, there)
                message = f"no environment {quoted(other)} has a path here, so {name} would wait for ever ({hint})"
                yield NeedMistake(name, index, message)
            elif ring := _ring(needs, name, other):
                message = f"{listed(ring)} wait for each other: one of them must go first"
                yield NeedMistake(name, index, message)


def _ring(needs: Mapping[str, Sequence[str]], name: str, other: str) -> list[str]:
    """Give the way from one environment back to itself through another; empty where there is none."""
    way: list[str] = []
    seen = set()

    def leads_back(to: str) -> bool:
        if to == name:
            return True
        if to in seen:
            return False
        seen.add(to)
        way.append(to)
        if any(leads_back(each) for each in needs.get(to, ())):
            return True
        way.pop()
        return False

    return [name, *way] if leads_back(other) else []
