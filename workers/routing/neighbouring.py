"""Which environments no other one of the repository has a word in, by what their releases have: asks no git.

Two may write to one namespace of a cluster, or to what lies in none. As long as their releases have no object in common
and nothing is under way there, neither can have taken anything from the other.
"""

from collections import Counter
from collections.abc import Collection

from pushboat.config.project import Limits
from pushboat.model.release import lasting
from pushboat.store import releases
from workers.tools import Tools

Place = tuple[str, str]
"""A cluster and a namespace of it; "" stands for what lies in none."""


def alone(tools: Tools, name: str, environments: Collection[str]) -> frozenset[str]:
    """Pick those of the environments that surely meet no other one."""
    there = tools.environments(name, environments)
    places = {each: _places(limits) for each, limits in there.items()}
    many = Counter(place for each in places.values() for place in each)
    meeting = {each for each, mine in places.items() if any(many[place] > 1 for place in mine)}
    if meeting.isdisjoint(environments):
        return frozenset(environments)
    unsettled, objects = set[Place](), Counter[tuple[str, str]]()
    known = {each.environment: each for each in releases.brought(tools.store, name)}
    has = {
        each: [(limits.cluster, str(ref)) for ref in lasting(known[each].contents)] if each in known else []
        for each, limits in there.items()
        if each in meeting
    }
    for each, mine in has.items():
        objects.update(mine)
        if each in known and not known[each].settled:
            unsettled |= places[each]
    return frozenset(
        each
        for each in environments
        if each not in meeting or (not places[each] & unsettled and all(objects[ref] == 1 for ref in has[each]))
    )


def _places(limits: Limits) -> set[Place]:
    beside = [""] if limits.cluster_scoped else []
    return {(limits.cluster, place) for place in (*limits.namespaces, *beside)}
