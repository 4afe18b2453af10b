"""What is ours in the cluster: an ApplySet parent, a Secret that says where to look for objects with our label.

It is widened before an apply and narrowed after a prune, so that at no moment an object of ours is outside of it.
`kubectl` knows the same format (KEP-3659). The members themselves are found by their label; see plan.read_live.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from pushboat.config.environment import Environment
from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable, LeaseLost
from pushboat.model.manifest import Ref
from workers.cluster.client.connection import APPLY, FIELD_MANAGER, Cluster
from workers.cluster.client.refusals import CONFLICT, Answered, ApiRefused
from workers.cluster.objects import ABSENT_VERSION, Object, annotations, fence_of, labels

ID = "applyset.kubernetes.io/id"
TOOLING = "applyset.kubernetes.io/tooling"
KINDS = "applyset.kubernetes.io/contains-group-kinds"
NAMESPACES = "applyset.kubernetes.io/additional-namespaces"
REPOSITORY, ENVIRONMENT = "pushboat.dev/repository", "pushboat.dev/environment"
OUR_TOOLING = "pushboat/v1"
ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The inventory's Secret, named after its repository and environment."""

    repository: str
    environment: str
    namespace: str

    @property
    def name(self) -> str:
        """Name the Secret; two repositories may share a namespace and an environment's name."""
        identity = hashlib.sha256(f"{self.repository}/{self.environment}".encode()).hexdigest()[:10]
        return f"pushboat-{self.environment.lower().replace('_', '-')[:200]}-{identity}"

    @property
    def id(self) -> str:
        """Give the ApplySet's id by the formula of KEP-3659."""
        digest = hashlib.sha256(f"{self.name}.{self.namespace}.Secret.".encode()).digest()
        return f"applyset-{base64.urlsafe_b64encode(digest).decode().rstrip('=')}-v1"

    def __str__(self) -> str:
        """Print as objects are printed."""
        return f"Secret/{self.namespace}/{self.name}"

    @property
    def path(self) -> str:
        """Give the Secret's path."""
        return f"/api/v1/namespaces/{self.namespace}/secrets/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The group-kinds (`Deployment.apps`) and namespaces that members may be in; all of it as the parent stands."""

    parent: Parent
    kinds: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()
    resource_version: str = field(default=ABSENT_VERSION, repr=False)
    fence: int = 0

    @property
    def exists(self) -> bool:
        """Say whether the parent stands in the cluster."""
        return self.resource_version != ABSENT_VERSION


def parent_of(repository: str, environment: Environment) -> Parent:
    """Name the inventory of a repository's (`github/acme/shop`) environment."""
    return Parent(repository=repository, environment=environment.name, namespace=environment.namespaces[0])


def read(cluster: Cluster, parent: Parent) -> Inventory:
    """Read the parent; an empty inventory where there is none yet."""
    live = cluster.find(parent.path)
    return Inventory(parent=parent, namespaces=frozenset({parent.namespace})) if live is None else _of(parent, live)


def locate(cluster: Cluster, repository: str, environment: Environment) -> Inventory:
    """Read an environment's inventory: in its first namespace, else where it was while another one was the first."""
    first = read(cluster, parent_of(repository, environment))
    for namespace in () if first.exists else environment.namespaces[1:]:
        with suppress(
            ApplyRejected, ClusterRefused
        ):  # an account that may not read Secrets there has never kept an inventory there
            elsewhere = read(cluster, replace(first.parent, namespace=namespace))
            if elsewhere.exists:
                return elsewhere
    return first


def covers(inventory: Inventory, refs: Iterable[Ref]) -> bool:
    """Say whether objects would be found through an inventory as it stands."""
    wanted = covering(inventory.parent, refs)
    return inventory.exists and wanted.kinds <= inventory.kinds and wanted.namespaces <= inventory.namespaces


def widen(
    cluster: Cluster, inventory: Inventory, refs: Iterable[Ref], fence: int, may_write: Callable[[], None]
) -> Inventory:
    """Let the inventory cover these objects too; writes only where it does not yet."""
    wanted = covering(inventory.parent, refs)

    def widened(now: Inventory) -> Inventory:
        return replace(now, kinds=now.kinds | wanted.kinds, namespaces=now.namespaces | wanted.namespaces)

    return _write(cluster, inventory, widened, fence, may_write)


def narrow(
    cluster: Cluster, inventory: Inventory, refs: Iterable[Ref], fence: int, may_write: Callable[[], None]
) -> Inventory:
    """Let the inventory cover just these objects; writes only where it covers more.

    What the cluster does not serve now was not looked at: it may be an API that is down, with objects of ours behind.
    """
    wanted = covering(inventory.parent, refs)
    unseen = frozenset(text for text in inventory.kinds - wanted.kinds if cluster.kinds.named(text) is None)

    def narrowed(now: Inventory) -> Inventory:
        return replace(now, kinds=wanted.kinds | unseen, namespaces=now.namespaces if unseen else wanted.namespaces)

    return _write(cluster, inventory, narrowed, fence, may_write)


def covering(parent: Parent, refs: Iterable[Ref]) -> Inventory:
    """Give the smallest inventory that covers these objects."""
    refs = list(refs)
    return Inventory(
        parent=parent,
        kinds=frozenset(f"{ref.kind}.{ref.group}" if ref.group else ref.kind for ref in refs),
        namespaces=frozenset({parent.namespace, *(ref.namespace for ref in refs if ref.namespace)}),
    )


def _write(
    cluster: Cluster,
    inventory: Inventory,
    change: Callable[[Inventory], Inventory],
    fence: int,
    may_write: Callable[[], None],
) -> Inventory:
    """Write the changed inventory as a compare-and-set; an earlier turn of the same lane may have written meanwhile."""
    for _ in range(ATTEMPTS):
        target = change(inventory)
        if target == inventory:
            return inventory
        may_write()
        query = {"fieldManager": FIELD_MANAGER, "force": "true"}
        try:
            return _of(target.parent, cluster.request("PATCH", target.parent.path, query, _body(target), APPLY).data)
        except ApiRefused as refused:  # the commit has no say in how we keep its inventory
            raise ClusterRefused(f"{target.parent}: {refused.summary}") from refused
        except Answered as answered:
            if answered.code != CONFLICT:
                raise
            inventory = _read_again(cluster, target.parent, max(fence, inventory.fence))
    raise ClusterUnavailable(f"{inventory.parent}: somebody else keeps changing it")


def _read_again(cluster: Cluster, parent: Parent, fence: int) -> Inventory:
    live = cluster.find(parent.path)
    if live is None:
        return Inventory(parent=parent, namespaces=frozenset({parent.namespace}))
    if fence_of(live) > fence:
        raise LeaseLost(f"another worker has taken over {parent.environment}")
    return _of(parent, live)


def _body(inventory: Inventory) -> Object:
    parent = inventory.parent
    marks: Mapping[str, str] = {
        TOOLING: OUR_TOOLING,
        KINDS: ",".join(sorted(inventory.kinds)),
        NAMESPACES: ",".join(sorted(inventory.namespaces - {parent.namespace})),
        REPOSITORY: parent.repository,
        ENVIRONMENT: parent.environment,
    }
    metadata = {
        "name": parent.name,
        "namespace": parent.namespace,
        "labels": {ID: parent.id},
        "annotations": marks,
        "resourceVersion": inventory.resource_version,
    }
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque"}


def _of(parent: Parent, live: Object) -> Inventory:
    marks = annotations(live)
    tooling = marks.get(TOOLING, "")
    if labels(live).get(ID) != parent.id or tooling.split("/", 1)[0] != OUR_TOOLING.split("/", 1)[0]:
        raise ClusterRefused(
            f"{parent} is not Pushboat's inventory (tooling {tooling or 'unknown'}): "
            "the cluster's operator must rename or remove it"
        )
    return Inventory(
        parent=parent,
        kinds=frozenset(filter(None, marks.get(KINDS, "").split(","))),
        namespaces=frozenset({parent.namespace, *filter(None, marks.get(NAMESPACES, "").split(","))}),
        resource_version=live["metadata"]["resourceVersion"],
        fence=fence_of(live),
    )
