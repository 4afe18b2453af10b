"""What the clusters still say of the environments of the operator's file, where the store that knew more is lost.

One list of inventories for each cluster, where the account may look everywhere; else each environment's own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from pushboat.config.environment import by_the_operator
from pushboat.config.operator import Limits, Operator
from pushboat.errors import ApplyRejected, ClusterRefused, PushboatError
from pushboat.model.deployment import Lane
from pushboat.model.digits import whole
from pushboat.model.remnant import Remnant
from workers.cluster import inventory
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.inventory import Inventory, Owner, owner_of, parent_of
from workers.cluster.objects import PART_OF, fence_of, is_original
from workers.cluster.reading.listing import list_all, places
from workers.tools import Tools

HEADS, REFS = "refs/heads/", "refs/"
LONGEST_REF = 300
HIGHEST_FENCE = 2**53
"""Whoever may write Secrets in a namespace may write anything into an inventory: beyond this nothing of it is taken."""
HIGHEST_NUMBER = 10**9
"""Nor is a deployment's number beyond this: the store counts on from the highest one that it has."""
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stranger:
    """An inventory that the operator's file gives nobody, and why."""

    cluster: str
    inventory: str
    owner: str
    why: str


@dataclass(slots=True)
class Survey:
    """What was found: `unsaid` are environments whose inventory says no commit, `troubles` who could not be asked, and
    `silent` the clusters that did not answer for all that lies in them.
    """

    remnants: list[Remnant] = field(default_factory=list)
    strangers: list[Stranger] = field(default_factory=list)
    unsaid: list[tuple[Lane, str]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)

    def add_trouble(self, cluster: str, about: str, sentence: str) -> None:
        """Note that somebody could not be asked."""
        self.troubles.append(f"{about}: {sentence}")
        self.silent.add(cluster)


def survey(tools: Tools, repository: str = "", cluster: str = "") -> Survey:
    """Ask each cluster, or one of them, about each repository, or one."""
    found = Survey()
    for name in [cluster] if cluster else tools.operator.clusters:
        try:
            _look(tools, name, repository, found)
        except PushboatError as trouble:
            found.add_trouble(name, f"cluster {name}", trouble.summary)
    return found


def _look(tools: Tools, name: str, repository: str, found: Survey) -> None:
    operator = tools.operator
    open_ = connect(operator.clusters[name], scratch=tools.scratch, rules=operator.health)
    try:
        try:
            there = list(inventory.every(open_))
        except (ApplyRejected, ClusterRefused):
            there = list(_one_by_one(tools, name, repository, found))
        owned = _by_owner(operator, name, there)
        for each, limits, lane, why in owned:
            if lane is None or limits is None:
                found.strangers.append(Stranger(name, str(each.parent), str(each.owner), why))
            elif repository in ("", lane.repository):
                _take(tools, name, each, limits, lane, found)
    finally:
        open_.close()


def _one_by_one(tools: Tools, name: str, repository: str, found: Survey) -> Iterator[Inventory]:
    """Look for each listed environment's own inventory, as it would itself; a pattern's cannot be found so."""
    for project in tools.operator.projects.values():
        if repository not in ("", project.repository):
            continue
        if any(limits.cluster == name for limits in project.environments.patterns.values()):
            why = f"environments that a pattern of {project.repository} makes are found by listing Secrets everywhere"
            found.add_trouble(name, f"cluster {name}", f"{why}, which this account may not")
        for limits in project.environments.listed.values():
            if limits.cluster != name:
                continue
            environment = by_the_operator(limits)
            try:
                located = inventory.locate(
                    tools.clusters.of(limits), project.repository, environment, tools.operator.canonical
                )
            except PushboatError as trouble:
                found.add_trouble(name, f"{project.repository} {limits.environment}", trouble.summary)
                continue
            if located.exists:
                yield located


Owned = tuple[Inventory, Limits | None, Lane | None, str]


def _by_owner(operator: Operator, cluster: str, there: Sequence[Inventory]) -> list[Owned]:
    """Say whose each inventory is by the operator's file; of two that one environment could go on with, its own."""
    owned: list[Owned] = []
    taken: set[Lane] = set()
    for one in sorted((_whose(operator, cluster, each) for each in there), key=partial(_place, operator)):
        each, limits, lane, _ = one
        if lane in taken:
            one = each, None, None, f"{lane.environment} has another one" if lane else ""
        elif lane is not None and limits is not None:
            taken.add(lane)
        owned.append(one)
    return owned


def _place(operator: Operator, one: Owned) -> tuple[object, ...]:
    """Order inventories of one environment as `locate` finds them, so that the one is believed that it goes on with.

    That of its own name in its first namespace is first, then what names it, then what it is to go on with; of several
    the one in the namespace that the file names first. Whoever may write Secrets in another one says nothing before it.
    """
    each, limits, lane, _ = one
    if limits is None or lane is None:
        return (1,)
    environment, named = by_the_operator(limits), _named(each)
    owners = [owner_of(lane.repository, environment), *inventory.formerly(lane.repository, environment)]
    known = [(operator.canonical(owner.repository), owner.environment) for owner in owners]
    rank = known.index((operator.canonical(named.repository), named.environment))
    is_own = rank == 0 and each.parent == parent_of(lane.repository, environment)
    return 0, not is_own, rank, limits.namespaces.index(each.parent.namespace), each.parent.name


def _whose(operator: Operator, cluster: str, each: Inventory) -> Owned:
    owner = _named(each)
    if not owner.repository:
        return each, None, None, "it names nobody"
    for repository, limits in (*_its_own(operator, owner), *_heirs(operator, owner)):
        if limits.cluster == cluster and each.parent.namespace in limits.namespaces:
            return each, limits, Lane(repository=repository, environment=limits.environment), ""
    if own := next(iter(_its_own(operator, owner)), None):
        why = f"pushboat.yaml has it in cluster {own[1].cluster}, in {', '.join(own[1].namespaces)}"
        return each, None, None, why
    return each, None, None, "pushboat.yaml does not have it"


def _named(each: Inventory) -> Owner:
    return each.was or each.owner


def _its_own(operator: Operator, owner: Owner) -> list[tuple[str, Limits]]:
    spelled = operator.spelled(owner.repository)
    limits = operator.limits(spelled, owner.environment) if spelled else None
    return [(spelled, limits)] if limits else []


def _heirs(operator: Operator, owner: Owner) -> Iterator[tuple[str, Limits]]:
    """List the environments whose `formerly` names an owner."""
    wanted = operator.canonical(owner.repository), owner.environment
    for repository, project in operator.projects.items():
        for limits in project.environments.listed.values():
            former = inventory.formerly(repository, by_the_operator(limits))
            if wanted in [(operator.canonical(each.repository), each.environment) for each in former]:
                yield repository, limits


def _take(tools: Tools, name: str, each: Inventory, limits: Limits, lane: Lane, found: Survey) -> None:
    if not _SHA.fullmatch(each.recorded.sha):
        found.unsaid.append((lane, str(each.parent)))
        return
    try:
        fences = list(_fences(tools.clusters.of(limits), each, limits))
    except PushboatError as trouble:
        found.add_trouble(name, f"{lane.repository} {lane.environment}", trouble.summary)
        return
    found.remnants.append(
        Remnant(
            lane=lane,
            cluster=name,
            inventory=str(each.parent),
            sha=each.recorded.sha,
            ref=_ref(each, limits),
            deployment=_number(each.recorded.release),
            fence=min(HIGHEST_FENCE, max((each.fence, *fences))),
            objects=len(fences),
        )
    )


def _number(said: str) -> int:
    """Read a deployment's number; one that would leave none to those that come is not believed."""
    number = whole(said) or 0
    return number if number <= HIGHEST_NUMBER else 0


def _ref(each: Inventory, limits: Limits) -> str:
    """Give the ref that was brought, as the inventory says, or the operator's file; empty where neither does."""
    said, branch = each.recorded.ref, limits.fixed.get("branch")
    if said.startswith(REFS) and said.isprintable() and len(said) <= LONGEST_REF:
        return said
    return f"{HEADS}{branch}" if branch else ""


def _fences(cluster: Cluster, each: Inventory, limits: Limits) -> Iterable[int]:
    """Read the fences of all members, by one list for each kind and namespace that the file gives the environment.

    An inventory may name any others, and thousands of them; we never write there.
    """
    kinds = [kind for text in sorted(each.kinds) if (kind := cluster.kinds.named(text))]
    members = list_all(cluster, places(kinds, each.namespaces & set(limits.namespaces)), f"{PART_OF}={each.parent.id}")
    return [fence_of(member) for member in members if is_original(member)]
