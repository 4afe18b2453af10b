"""Delete the namespaces that were made for an environment, where nothing is left in them; else say what is."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from pushboat.errors import ApplyRejected, ClusterRefused
from pushboat.model.manifest import Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered
from workers.cluster.inventory import Parent
from workers.cluster.objects import MADE_FOR, Object, annotations, is_going, ref_of
from workers.cluster.planning.words import Stale
from workers.cluster.removing.remains import Forgiven, of_namespace, sentence, why_not

ATTEMPTS = 5
IN_IT = "what is in it would go with it: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Namespaces that may go: `members` are in the repository, `named` in the operator's file, and go only if they were
    made for one of `owners`. `shared` are those that other environments have, each with the sentence that says so."""

    named: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    owners: Collection[str] = ()
    shared: dict[str, str] | None = None


def candidates(cluster: Cluster, wanted: Candidates) -> list[Stale]:
    """Read the namespaces that may go; each that stays whatever is in it says why. What is not ours is left out."""
    found: list[Stale] = []
    for name in dict.fromkeys((*wanted.members, *wanted.named)):
        live = find(cluster, name)
        if live is None:
            continue
        whose = annotations(live).get(MADE_FOR, "")
        if name not in wanted.members and whose not in wanted.owners:
            continue
        found.append(Stale(ref=Ref("", "Namespace", "", name), live=live, kept=(wanted.shared or {}).get(name, "")))
    return found


def foretold(cluster: Cluster, namespace: Stale, forgiven: Forgiven) -> str:
    """Say why a namespace would stay, as it looks now."""
    left = sentence(of_namespace(cluster, namespace.ref.name, forgiven), passing=False)
    return namespace.kept or (f"{IN_IT}{left}" if left else "")


def end(cluster: Cluster, namespace: Stale, parent: Parent, within: float, may_write: Callable[[], None]) -> str:
    """Ask for a namespace's deletion; give the reason where it stays. The inventory in it does not count."""
    name = namespace.ref.name
    if namespace.kept:
        return namespace.kept

    def is_parent(live: Object) -> bool:
        return ref_of(live) == Ref("", "Secret", parent.namespace, parent.name)

    for _ in range(ATTEMPTS):
        live = find(cluster, name)
        if live is None or is_going(live):
            return ""
        if why := why_not(lambda: of_namespace(cluster, name, is_parent), within, may_write):
            return f"{IN_IT}{why}"
        if (refused := _delete(cluster, live, may_write)) is not None:
            return refused
    return "somebody else keeps changing it"


def _delete(cluster: Cluster, live: Object, may_write: Callable[[], None]) -> str | None:
    """Delete a namespace as it was looked through; nothing where it has to be looked at again."""
    exactly = {name: live["metadata"][name] for name in ("uid", "resourceVersion")}
    body = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": exactly}
    may_write()
    try:
        cluster.request("DELETE", f"/api/v1/namespaces/{live['metadata']['name']}", body=body)
    except Answered as answered:
        if answered.code == NOT_FOUND:
            return ""
        if answered.code == CONFLICT:
            return None
        if isinstance(answered, ApplyRejected | ClusterRefused):
            return answered.summary
        raise
    return ""


def find(cluster: Cluster, name: str) -> Object | None:
    """Read a namespace; an account that may not read it did not make it either."""
    try:
        return cluster.find(f"/api/v1/namespaces/{name}")
    except (ApplyRejected, ClusterRefused):
        return None
