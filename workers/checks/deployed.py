"""Which kinds an environment deploys, as far as rights go: of known objects, or those that most people have."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pushboat.config.project import Limits
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Ref
from pushboat.store import releases
from pushboat.store.database.engine import Store
from workers.cluster.client.connection import Cluster
from workers.cluster.rights import Deployed

Find = Callable[[str, str], Deployed | None]
"""Finds a kind by its group and name, without namespaces; None where nobody knows how it is called in paths."""

USUAL = (
    ("", "ConfigMap"),
    ("", "PersistentVolumeClaim"),
    ("", "Secret"),
    ("", "Service"),
    ("", "ServiceAccount"),
    ("apps", "DaemonSet"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("autoscaling", "HorizontalPodAutoscaler"),
    ("batch", "CronJob"),
    ("batch", "Job"),
    ("networking.k8s.io", "Ingress"),
    ("networking.k8s.io", "NetworkPolicy"),
    ("policy", "PodDisruptionBudget"),
)
"""Kinds, by group and name, that are taken where nobody knows what an environment has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """The kinds, those that nobody could find, and those that the operator does not allow, as `Kind.group`."""

    found: tuple[Deployed, ...]
    unknown: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def of_refs(refs: Iterable[Ref], limits: Limits, find: Find) -> Kinds:
    """Give the kinds of objects, each with the namespaces that they are in, inside of what the operator allows.

    What lies beyond is never deployed: whoever prints rights for it would give them to no purpose.
    """
    spaces = defaultdict[tuple[str, str], set[str]](set)
    for ref in refs:
        spaces[ref.group, ref.kind].add(ref.namespace)
    found, unknown, refused = list[Deployed](), list[str](), list[str]()
    for (group, kind), where in sorted(spaces.items()):
        known, called = find(group, kind), f"{kind}.{group}".rstrip(".")
        allowed = where & {*limits.namespaces}
        if known is None:
            unknown.append(called)
        elif allowed if known.namespaced else {kind, f"{kind}.{group}"} & {*limits.cluster_scoped}:
            found.append(within(known, allowed))
        else:
            refused.append(called)
    return Kinds(found=tuple(found), unknown=tuple(unknown), refused=tuple(refused))


def usual(limits: Limits, find: Find) -> Kinds:
    """Give what most people deploy, in all namespaces of an environment, and what it may have outside of them."""
    wanted = [*USUAL, *(_apart(each) for each in limits.cluster_scoped)]
    known = [find(group, kind) for group, kind in wanted]
    unknown = [f"{kind}.{group}".rstrip(".") for (group, kind), found in zip(wanted, known, strict=True) if not found]
    return Kinds(found=tuple(within(each, limits.namespaces) for each in known if each), unknown=tuple(unknown))


def within(kind: Deployed, spaces: Iterable[str]) -> Deployed:
    """Give a kind in these namespaces; what lives outside of any has none."""
    where = frozenset(spaces) if kind.namespaced else frozenset[str]()
    return Deployed(group=kind.group, kind=kind.kind, plural=kind.plural, namespaced=kind.namespaced, spaces=where)


def released(store: Store, lane: Lane) -> tuple[Ref, ...]:
    """Name the objects of an environment's newest release, hooks included; none where none is kept."""
    newest = releases.listed(store, lane, 1)
    return tuple(releases.contents(store, lane, newest[0].number) or ()) if newest else ()


def served_by(cluster: Cluster) -> Find:
    """Find kinds by asking a cluster."""

    def find(group: str, kind: str) -> Deployed | None:
        found = cluster.kinds.preferred(group, kind)
        if found is None:
            return None
        return Deployed(group=group, kind=kind, plural=found.plural, namespaced=found.namespaced)

    return find


def _apart(written: str) -> tuple[str, str]:
    kind, _, group = written.partition(".")
    return group, kind
