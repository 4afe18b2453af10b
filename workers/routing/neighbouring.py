"""Which environments no other one of the repository has a word in, by what their releases have: asks no git.

Two may write to one namespace of a cluster, or to what lies in none. As long as their releases have no object in common
and nothing is under way there, neither can have taken anything from the other.
"""

from collections import Counter
from collections.abc import Collection

from pushboat.config.operator import Operator
from pushboat.config.project import Allowed, Limits
from pushboat.model.release import lasting
from pushboat.store import releases
from workers.tools import Tools

Place = tuple[str, str]
"""A cluster and a namespace of it; "" stands for what lies in none."""


def alone(tools: Tools, name: str, environments: Collection[str]) -> frozenset[str]:
    """Pick those of the environments that surely meet no other one."""
    if nobody_meets(tools, name):
        return frozenset(environments)
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


def nobody_meets(tools: Tools, name: str) -> bool:
    """Say whether no two environments of a repository may ever write to one place, by the operator's file alone."""
    known = _APART.get(name)
    if known is None or known[0] is not tools.operator:
        known = _APART[name] = (tools.operator, _are_apart(tools.project(name).environments))
    return known[1]


_APART: dict[str, tuple[Operator, bool]] = {}
"""What was found of repositories, and by which operator's file."""


def _are_apart(allowed: Allowed) -> bool:
    places = Counter(place for limits in allowed.listed.values() for place in _places(limits))
    return not allowed.patterns and all(number == 1 for number in places.values())


def _places(limits: Limits) -> set[Place]:
    beside = [""] if limits.cluster_scoped else []
    return {(limits.cluster, place) for place in (*limits.namespaces, *beside)}
