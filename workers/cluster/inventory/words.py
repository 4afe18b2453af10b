"""The inventory's nouns, and how they are written in the cluster: names, labels and annotations of the parent."""

import base64
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

from pushboat.config.environment import Environment
from pushboat.errors import ClusterRefused
from pushboat.model.manifest import Ref
from workers.cluster.objects import ABSENT_VERSION, Object, annotations, fence_of, labels

ID = "applyset.kubernetes.io/id"
TOOLING = "applyset.kubernetes.io/tooling"
KINDS = "applyset.kubernetes.io/contains-group-kinds"
NAMESPACES = "applyset.kubernetes.io/additional-namespaces"
REPOSITORY, ENVIRONMENT = "pushboat.dev/repository", "pushboat.dev/environment"
SHA, REF, RELEASE, ENDED = "pushboat.dev/sha", "pushboat.dev/ref", "pushboat.dev/release", "pushboat.dev/ended"
OUR_TOOLING = "pushboat/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose an inventory is: a repository (`github/acme/shop`) and the name of its environment."""

    repository: str
    environment: str

    def __str__(self) -> str:
        """Write it as the operator's `formerly` does."""
        return f"{self.repository}:{self.environment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The inventory's Secret; it keeps its name when it is handed over to another owner."""

    namespace: str
    name: str

    @property
    def id(self) -> str:
        """Give the ApplySet's id by the formula of KEP-3659."""
        return _id(f"{self.name}.{self.namespace}.Secret.")

    def __str__(self) -> str:
        """Print as objects are printed."""
        return f"Secret/{self.namespace}/{self.name}"

    @property
    def path(self) -> str:
        """Give the Secret's path."""
        return f"/api/v1/namespaces/{self.namespace}/secrets/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was deployed last, so that a lost store can be rebuilt: the commit, its ref, the number of its deployment.

    `ended` is the work that was done and may remove itself, by object and manifest: it counts as there without it.
    """

    sha: str = ""
    ref: str = ""
    release: str = ""
    ended: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The group-kinds (`Deployment.apps`) and namespaces that members may be in; all of it as the parent stands.

    `owner` is for whom it was read; `was` is whom the parent still names, where the operator's `formerly` says that
    this one goes on with it. The next write hands it over.
    """

    parent: Parent
    owner: Owner
    was: Owner | None = None
    kinds: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()
    recorded: Recorded = field(default_factory=Recorded)
    resource_version: str = field(default=ABSENT_VERSION, repr=False)
    fence: int = 0

    @property
    def exists(self) -> bool:
        """Say whether the parent stands in the cluster."""
        return self.resource_version != ABSENT_VERSION


@lru_cache(maxsize=1_000)
def _id(text: str) -> str:
    """Digest a parent's name; it is asked for with every object of a plan."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"applyset-{base64.urlsafe_b64encode(digest).decode().rstrip('=')}-v1"


def done(ref: Ref, digest: str) -> str:
    """Write down that an object has done its work, as the manifest of this digest wants it."""
    return f"{ref.kind}.{ref.group}/{ref.namespace}/{ref.name}={digest}"


def owner_of(repository: str, environment: Environment) -> Owner:
    """Name whose inventory an environment's is."""
    return Owner(repository=repository, environment=environment.name)


def formerly(repository: str, environment: Environment) -> tuple[Owner, ...]:
    """List whose inventory this environment may go on with, as the operator's file says."""
    return tuple(_owner(repository, name) for name in environment.formerly)


def parent_of(repository: str, environment: Environment) -> Parent:
    """Name the parent that a repository's environment makes, where it has none to go on with."""
    return Parent(namespace=environment.namespaces[0], name=name_for(owner_of(repository, environment)))


def name_for(owner: Owner, number: int = 1) -> str:
    """Name a Secret after its owner; `number` where earlier ones of that name went on with somebody else.

    Two repositories may share a namespace and an environment's name, so both are in the hash.
    """
    text = f"{owner.repository}/{owner.environment}" + (f"/{number}" if number > 1 else "")
    identity = hashlib.sha256(text.encode()).hexdigest()[:10]
    return f"pushboat-{owner.environment.lower().replace('_', '-')[:200]}-{identity}"


def absent(parent: Parent, owner: Owner) -> Inventory:
    """Give the inventory that is not there yet."""
    return Inventory(parent=parent, owner=owner, namespaces=frozenset({parent.namespace}))


def emptied(inventory: Inventory) -> Inventory:
    """Give what is left of an inventory whose namespace is being deleted: its name."""
    return absent(inventory.parent, inventory.owner)


def is_ours(live: Object) -> bool:
    """Say whether an ApplySet's parent was written by Pushboat."""
    return tooling(live).split("/", 1)[0] == OUR_TOOLING.split("/", 1)[0]


def tooling(live: Object) -> str:
    """Read which tool an ApplySet belongs to."""
    return annotations(live).get(TOOLING, "")


def owner_in(live: Object) -> Owner | None:
    """Read whom a parent names."""
    marks = annotations(live)
    if not marks.get(REPOSITORY) or not marks.get(ENVIRONMENT):
        return None
    return Owner(repository=marks[REPOSITORY], environment=marks[ENVIRONMENT])


def inventory_in(parent: Parent, owner: Owner, live: Object) -> Inventory:
    """Read a parent for an owner.

    Raises:
        ClusterRefused: the Secret of that name is no inventory of ours.
    """
    if labels(live).get(ID) != parent.id or not is_ours(live):
        raise ClusterRefused(
            f"{parent} is not Pushboat's inventory (tooling {tooling(live) or 'unknown'}): "
            "the cluster's operator must rename or remove it"
        )
    marks, named = annotations(live), owner_in(live)
    return Inventory(
        parent=parent,
        owner=owner,
        was=named if named != owner else None,
        kinds=frozenset(filter(None, marks.get(KINDS, "").split(","))),
        namespaces=frozenset({parent.namespace, *filter(None, marks.get(NAMESPACES, "").split(","))}),
        recorded=Recorded(
            sha=marks.get(SHA, ""),
            ref=marks.get(REF, ""),
            release=marks.get(RELEASE, ""),
            ended=frozenset(marks.get(ENDED, "").split()),
        ),
        resource_version=live["metadata"]["resourceVersion"],
        fence=fence_of(live),
    )


def body_of(inventory: Inventory) -> Object:
    """Write the parent as it shall be, in the server's hands only if it still stands as it was read."""
    parent, recorded = inventory.parent, inventory.recorded
    said = {
        SHA: recorded.sha,
        REF: recorded.ref,
        RELEASE: recorded.release,
        ENDED: " ".join(sorted(recorded.ended)),
    }
    marks = {
        TOOLING: OUR_TOOLING,
        KINDS: ",".join(sorted(inventory.kinds)),
        NAMESPACES: ",".join(sorted(inventory.namespaces - {parent.namespace})),
        REPOSITORY: inventory.owner.repository,
        ENVIRONMENT: inventory.owner.environment,
        **{key: text for key, text in said.items() if text},
    }
    metadata = {
        "name": parent.name,
        "namespace": parent.namespace,
        "labels": {ID: parent.id},
        "annotations": marks,
        "resourceVersion": inventory.resource_version,
    }
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque"}


def _owner(repository: str, name: str) -> Owner:
    other, colon, environment = name.rpartition(":")
    return Owner(repository=other if colon else repository, environment=environment if colon else name)
