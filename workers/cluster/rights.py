"""The least rights at a cluster with which an environment lives: which request needs which right, in one table.

What people grant (`pushboat rbac`) and what the doctor asks for is made of it, and a test holds it against the requests
that are really made. Discovery, versions and schemas are open to every account, so they are not here.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pushboat.config.project import Limits
from workers.cluster.health.passive import is_passive
from workers.cluster.inventory.words import Owner, name_for
from workers.cluster.waiting.belonging import WITH_PODS

Row = tuple[str, str, tuple[str, ...], str]
"""An API group, a resource, the verbs, and what they are for."""

MEMBERS = ("get", "list", "create", "patch", "delete")
"""What is asked of every kind that is deployed: found, compared, applied and pruned."""
LOOKED_FOR = "list"
WAITED_FOR = "watch"
"""What is asked beside them of kinds that something acts on: their health is waited for."""
WORKLOADS = WITH_PODS | {("batch", "CronJob"), ("", "Pod")}
"""Kinds, by group and name, beside which pods are read."""
OF_THE_INVENTORY = ("get", "create", "patch", "delete")
OF_FORMER_INVENTORIES = "list"
OF_NAMESPACES = ("get", "create", "patch", "delete")

SEEN: Sequence[Row] = (
    ("", "pods", ("get", "list", "watch"), "to wait for pods, and to say why they fail"),
    ("", "pods/log", ("get",), "to show what a container that crashed said last"),
    ("", "events", ("list",), "to say what holds a pod up"),
    ("", "persistentvolumeclaims", ("get",), "to say which volume a pod waits for"),
    ("apps", "replicasets", ("list", "watch"), "to tell the pods of a new revision from those of the one before"),
    ("policy", "poddisruptionbudgets", ("list",), "to warn of a rollout that a budget would stop"),
    ("autoscaling", "horizontalpodautoscalers", ("list",), "to leave replicas to an autoscaler"),
)
"""What is read beside workloads. Without one of these, deployments go on and say less."""
TOLD: Row = ("", "events", ("create",), "to tell `kubectl get events` of a deployment")

ROLES = "rbac.authorization.k8s.io"
TRAPS = {
    (ROLES, "roles"): "who writes Roles may give no right that it has not itself, unless it has the verb `escalate`",
    (ROLES, "clusterroles"): "who writes ClusterRoles may give no right that it has not itself, unless it has the "
    "verb `escalate`",
    (ROLES, "rolebindings"): "who writes RoleBindings needs the rights of the role that is bound, or the verb `bind` "
    "on that role",
    (ROLES, "clusterrolebindings"): "who writes ClusterRoleBindings needs the rights of the role that is bound, or "
    "the verb `bind` on that role",
    ("apiextensions.k8s.io", "customresourcedefinitions"): "who writes definitions decides what objects of all "
    "namespaces are, and deletes them with one",
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"): "who writes these sees and changes every "
    "object of the cluster",
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"): "who writes these sees every object of the "
    "cluster",
    ("", "namespaces"): "who writes namespaces changes their labels too, such as those of pod security",
}
"""What else a right means, by group and resource; said wherever it is granted."""


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One verb on one resource: in a namespace, or ("") cluster-wide; of one object where it has a `name`."""

    namespace: str
    group: str
    resource: str
    name: str
    verb: str

    def __str__(self) -> str:
        """Print as in `may not …`."""
        what = f"{self.resource}.{self.group}" if self.group else self.resource
        return f"{self.verb} {what}{f' {self.name}' if self.name else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A kind that an environment deploys: its name in paths, and in which namespaces (none: outside of them)."""

    group: str
    kind: str
    plural: str
    namespaced: bool = True
    spaces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The rights without which a deployment fails, and those without which it cannot say why."""

    must: frozenset[Right] = field(default_factory=frozenset)
    sees: frozenset[Right] = field(default_factory=frozenset)

    @property
    def all(self) -> frozenset[Right]:
        """Give both."""
        return self.must | self.sees


def needs(repository: str, limits: Limits, kinds: Collection[Deployed]) -> Needs:
    """Give what an environment needs for the kinds that it deploys."""
    home = limits.namespaces[0]
    owner = Owner(repository=repository, environment=limits.environment)
    must = {*_of_inventory(limits, home, name_for(owner)), *_of_members(kinds, home)}
    sees = {Right(home, group, what, "", verb) for group, what, verbs, _ in [TOLD] for verb in verbs}
    sees |= {Right(space, "", "namespaces", space, "get") for space in limits.namespaces}
    if limits.create_namespaces:
        must |= {Right("", "", "namespaces", space, verb) for space in limits.namespaces for verb in OF_NAMESPACES}
    for space in _with_workloads(kinds):
        sees |= {Right(space, group, what, "", verb) for group, what, verbs, _ in SEEN for verb in verbs}
    sees = {each for each in sees if not _is_covered(each, must)}
    return Needs(must=frozenset(each for each in must if not _is_covered(each, must - {each})), sees=frozenset(sees))


def impersonation(service_account: str) -> Right:
    """Give the right to speak as a service account (`namespace/name`)."""
    namespace, _, name = service_account.partition("/")
    return Right(namespace, "", "serviceaccounts", name, "impersonate")


def reasons(group: str, resource: str, verbs: Collection[str]) -> Iterator[str]:
    """Say what is only read for, or told, and what else it means to write something."""
    if "patch" in verbs:
        yield from filter(None, [TRAPS.get((group, resource), "")])
        return
    for of, what, asked, why in (*SEEN, TOLD):
        if (of, what) == (group, resource) and {*asked} & {*verbs}:
            yield why


def _is_covered(right: Right, others: Collection[Right]) -> bool:
    """Say whether a wider right gives this one: on all objects of that resource, or in all namespaces."""
    wider = (replace(right, name=""), replace(right, namespace="", name=""), replace(right, namespace=""))
    return any(each in others for each in wider)


def _of_inventory(limits: Limits, home: str, name: str) -> Iterator[Right]:
    """Give the Secret that keeps the inventory; who went by other names before is looked for among all of them."""
    if not limits.formerly:
        yield from (Right(home, "", "secrets", name, verb) for verb in OF_THE_INVENTORY)
        return
    for space in limits.namespaces:
        yield from (Right(space, "", "secrets", "", verb) for verb in (*OF_THE_INVENTORY, OF_FORMER_INVENTORIES))


def _of_members(kinds: Collection[Deployed], home: str) -> Iterator[Right]:
    # What has left the files is looked for in one question per kind and namespace, of all namespaces of the inventory.
    everywhere = {home, *(space for kind in kinds for space in kind.spaces)}
    for kind in kinds:
        verbs = MEMBERS if is_passive(kind.group, kind.kind) else (*MEMBERS, WAITED_FOR)
        for space in kind.spaces if kind.namespaced else ("",):
            yield from (Right(space, kind.group, kind.plural, "", verb) for verb in verbs)
        for space in everywhere if kind.namespaced else ():
            yield Right(space, kind.group, kind.plural, "", LOOKED_FOR)


def _with_workloads(kinds: Iterable[Deployed]) -> set[str]:
    return {space for kind in kinds if (kind.group, kind.kind) in WORKLOADS for space in kind.spaces}
