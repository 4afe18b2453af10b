"""What is left where something of ours would take it along: in a namespace, or of a kind that we defined.

What Kubernetes puts into every namespace is nobody's. What is being deleted, or is owned by something, goes by itself
as a rule: it is given time, and counts once that is over.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pushboat.errors import ApplyRejected, ClusterRefused
from pushboat.model.manifest import Ref
from pushboat.model.wording import counted
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.together import together
from workers.cluster.objects import Object, annotations, is_going, ref_of
from workers.cluster.reading.listing import NAMES_ONLY, list_place

LOOKS_EVERY = 0.2
_EVENT = "Event"
_FOLLOWING = ("Endpoints", "EndpointSlice")
"""Made and taken away with a Service by its controller, some without an owner."""
_EVERYWHERE = {("", "ConfigMap", "kube-root-ca.crt"), ("", "ServiceAccount", "default")}
_LOGIN_OF = "kubernetes.io/service-account.name"

Forgiven = Callable[[Object], bool]
"""Says of an object that it does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What is left: `solid` stays until somebody deletes it, `passing` should go by itself. `unseen`: why we cannot
    know."""

    solid: tuple[Ref, ...] = ()
    passing: tuple[Ref, ...] = ()
    unseen: str = ""


Look = Callable[[], Remains]


def of_namespace(cluster: Cluster, name: str, forgiven: Forgiven) -> Remains:
    """Look through everything in a namespace that can be deleted."""
    return _remains(cluster, [kind for kind in cluster.kinds.deletable() if kind.namespaced], name, forgiven)


def of_definition(cluster: Cluster, definition: Object, forgiven: Forgiven) -> Remains:
    """Look for objects of a kind, in all namespaces."""
    kind = _defined(cluster, definition)
    return _remains(cluster, [kind] if kind else [], "", forgiven)


def lingering(cluster: Cluster, definitions: Iterable[Object], owners: set[str]) -> Ref | None:
    """Find an object of our kinds that is still going: by itself, or because its owner went, which is one of `owners`.

    Whatever belongs to those belongs to `owners` from now on.
    """
    found = [each for one in definitions for each in _instances(cluster, one)]
    before = -1
    while before != len(owners):
        before = len(owners)
        owners |= {each["metadata"]["uid"] for each in found if _owners(each) & owners}
    left = [each for each in found if is_going(each) or _owners(each) & owners]
    return min(map(ref_of, left), default=None)


def why_not(look: Look, within: float, may_write: Callable[[], None]) -> str:
    """Say what is left, after `within` seconds for what goes by itself; nothing where nothing is."""
    deadline = time.monotonic() + within
    while True:
        found = look()
        if found.unseen or found.solid or not found.passing or time.monotonic() > deadline:
            return sentence(found)
        may_write()
        time.sleep(LOOKS_EVERY)


def sentence(found: Remains, *, passing: bool = True) -> str:
    """Name what is left."""
    if found.unseen:
        return found.unseen
    left = (*found.solid, *found.passing) if passing else found.solid
    if not left:
        return ""
    return f"{left[0]} and {counted(len(left) - 1, 'other object')}" if len(left) > 1 else str(left[0])


def _remains(cluster: Cluster, kinds: Iterable[Kind], namespace: str, forgiven: Forgiven) -> Remains:
    wanted = [kind for kind in kinds if kind.kind != _EVENT]
    try:
        found = together(cluster.pool, wanted, lambda kind: list_place(cluster, (kind, namespace), {}, NAMES_ONLY))
    except (ApplyRejected, ClusterRefused) as refused:
        return Remains(unseen=f"what else is there cannot be seen: {refused.summary}")
    left = [each for some in found for each in some if not _is_nobodys(each) and not forgiven(each)]
    passing = [each for each in left if _goes_by_itself(each)]
    return Remains(
        solid=tuple(sorted(ref_of(each) for each in left if not _goes_by_itself(each))),
        passing=tuple(sorted(map(ref_of, passing))),
    )


def _instances(cluster: Cluster, definition: Object) -> Iterable[Object]:
    kind = _defined(cluster, definition)
    try:
        return list_place(cluster, (kind, ""), {}, NAMES_ONLY) if kind else ()
    except (ApplyRejected, ClusterRefused):  # an account that may not look everywhere cannot wait for it either
        return ()


def _defined(cluster: Cluster, definition: Object) -> Kind | None:
    spec = definition["spec"]
    return cluster.kinds.preferred(spec["group"], spec["names"]["kind"])


def _owners(live: Object) -> set[str]:
    return {each["uid"] for each in live["metadata"].get("ownerReferences") or ()}


def _is_nobodys(live: Object) -> bool:
    ref = ref_of(live)
    token = ref.kind == "Secret" and annotations(live).get(_LOGIN_OF) == "default"
    return token or (ref.group, ref.kind, ref.name) in _EVERYWHERE


def _goes_by_itself(live: Object) -> bool:
    return is_going(live) or bool(live["metadata"].get("ownerReferences")) or live["kind"] in _FOLLOWING
