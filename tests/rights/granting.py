"""An environment on a real control plane whose account has exactly the rights that are printed for it."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from cli.rbac.writing import Subject, Wanted, manifests
from pushboat.config.operator import Limits
from tests.cluster_view import ClusterView
from tests.engine_room.drifting import Watched
from tests.lines import Passing, put
from tests.store.repository import NAME
from tests.until import until
from workers.checks.granted import ask
from workers.cluster.client.connection import Cluster
from workers.cluster.client.lines import Reply
from workers.cluster.inventory.words import Owner, name_for
from workers.cluster.rights import Deployed, Needs, Right, needs
from workers.tools import Clusters

APPLY = "application/apply-patch+yaml"
PLURALS = {
    "Namespace": "namespaces",
    "ServiceAccount": "serviceaccounts",
    "Role": "roles",
    "RoleBinding": "rolebindings",
    "ClusterRole": "clusterroles",
    "ClusterRoleBinding": "clusterrolebindings",
}
OPEN = re.compile(r"/(api|apis|version|openapi/.*|openapi|apis/[^/]+|apis/[^/]+/[^/]+|api/v1)")
"""What every account may ask."""
_PATH = re.compile(r"/(?:api/v1|apis/(?P<group>[^/]+)/[^/]+)(?:/namespaces/(?P<space>[^/]+)(?=/))?/(?P<rest>[^?]+)")
KINDS = {
    "ConfigMap": ("", "configmaps", True),
    "Secret": ("", "secrets", True),
    "Service": ("", "services", True),
    "Deployment": ("apps", "deployments", True),
    "Namespace": ("", "namespaces", False),
}


def kinds(space: str | Collection[str], *names: str) -> list[Deployed]:
    """Name kinds of an environment, in a namespace or in several."""
    spaces = frozenset([space] if isinstance(space, str) else space)
    rows = [(name, KINDS[name]) for name in names]
    return [
        Deployed(group=group, kind=name, plural=plural, namespaced=inside, spaces=spaces if inside else frozenset())
        for name, (group, plural, inside) in rows
    ]


@dataclass
class Recording(Passing):
    """Notes which rights the requests took, and which requests were forbidden."""

    used: set[Right] = field(default_factory=set)
    forbidden: list[str] = field(default_factory=list)

    def send(self, method: str, path: str, query: Any, *rest: Any, **more: Any) -> Reply:
        reply = super().send(method, path, query, *rest, **more)
        if reply.status == 403:
            self.forbidden.append(f"{method} {path}")
        else:
            self.used |= set(taken(method, path, made=reply.status == 201))
        return reply

    def stream(self, path: str, *rest: Any) -> Any:
        self.used |= set(taken("WATCH", path))
        return super().stream(path, *rest)


def taken(method: str, path: str, *, made: bool = False) -> Iterator[Right]:
    """Give the rights that a request takes."""
    if OPEN.fullmatch(path):
        return
    found = _PATH.fullmatch(path)
    assert found, path
    resource, _, name = found["rest"].partition("/")
    name, _, part = name.partition("/")
    space = found["space"] or ""
    verbs = {"GET": "get" if name else "list", "WATCH": "watch", "POST": "create", "PATCH": "patch", "DELETE": "delete"}
    for verb in (verbs[method], *(["create"] if method == "PATCH" and made else [])):
        yield Right(space, found["group"] or "", f"{resource}/{part}".rstrip("/"), name, verb)


@dataclass
class Recorded:
    """The clusters of a worker, each noted."""

    clusters: Clusters
    used: set[Right] = field(default_factory=set)
    forbidden: list[str] = field(default_factory=list)

    def of(self, environment: Any) -> Cluster:
        cluster = self.clusters.of(environment)
        return put(cluster, Recording(cluster.line, self.used, self.forbidden))

    def has_used(self, right: Right) -> bool:
        """Say whether a request took a right, or one that it stands for."""
        return any(
            (each.group, each.resource, each.verb) == (right.group, right.resource, right.verb)
            and (right.namespace in ("", each.namespace) or right.resource == "namespaces")
            and right.name in ("", each.name)
            for each in self.used
        )


@dataclass
class Confined:
    """The environment, with its worker; `recorded` notes what is asked."""

    watched: Watched
    recorded: Recorded
    limits: Limits
    needs: Needs

    def speaker(self) -> Cluster:
        """Speak as the environment's account, past the notes."""
        return self.recorded.clusters.of(self.limits)

    def unused(self, rights: Iterable[Right]) -> list[str]:
        """Name the rights that no request took."""
        return sorted(f"{each.namespace}: {each}" for each in rights if not self.recorded.has_used(each))

    def have_only(self, needed: Needs) -> None:
        """Grant these rights and take all others away."""
        grant(self.watched.cluster, self.limits, needed)
        lost = self.needs.all - needed.all

        def settled() -> bool:
            missing = ask(self.speaker(), self.needs.all).missing
            return missing == lost

        until(settled)  # the authorizer hears of it a moment later


def confined(watched: Watched, *names: str, **more: Any) -> Confined:
    """Let an environment speak as an account that has the least rights for these kinds."""
    space = watched.namespace
    watched.allowing(service_account=f"{space}/deployer", create_namespaces=False, **more)
    limits = watched.tools.operator.projects[NAME].environments["staging"]
    recorded = Recorded(watched.tools.clusters)
    watched.tools = replace(watched.tools, clusters=recorded)  # type: ignore[arg-type]  # the same, noted
    here = Confined(watched, recorded, limits, needs(NAME, limits, kinds(limits.namespaces, *names)))
    for each in limits.namespaces:
        applied(watched.cluster, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": each}})
    here.have_only(here.needs)
    return here


def grant(cluster: ClusterView, limits: Limits, needed: Needs) -> None:
    """Apply the manifests that `pushboat rbac` prints, as whoever may."""
    wanted = Wanted(
        name=name_for(Owner(repository=NAME, environment=limits.environment)),
        needs=needed,
        pushboat=Subject(name="pushboat/pushboat"),
        speaks_as=Subject(name=limits.service_account),
    )
    for text in manifests(wanted):
        applied(cluster, yaml.safe_load(text))


def applied(cluster: ClusterView, body: dict[str, Any]) -> None:
    """Apply one object."""
    metadata = body["metadata"]
    root = "/api/v1" if body["apiVersion"] == "v1" else f"/apis/{body['apiVersion']}"
    space = f"/namespaces/{metadata['namespace']}" if "namespace" in metadata else ""
    path = f"{root}{space}/{PLURALS[body['kind']]}/{metadata['name']}?fieldManager=admin&force=true"
    cluster.request("PATCH", path, body, APPLY)
