"""One repository's environment in a namespace of its own, deployed as the story does it, without git and queue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from pushboat.config.environment import Environment
from pushboat.errors import LeaseLost
from pushboat.model.changeset import Change, ChangeSet
from pushboat.model.health import Finding
from pushboat.model.manifest import Manifest
from workers.cluster.client.connection import Answer, Cluster
from workers.cluster.inventory import Inventory, Parent, locate, parent_of
from workers.cluster.planning.making import make_plan
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan
from workers.cluster.pruning import prune
from workers.cluster.reading.live import read_live
from workers.cluster.waiting.following import followed, of_inventory
from workers.cluster.waiting.observing import See, unseen
from workers.cluster.waiting.waiting import wait
from workers.cluster.waiting.watches import Watches
from workers.cluster.writing.applying import apply, make_room
from workers.manifests.reading import read_manifests
from workers.review import limits

REPOSITORY = "local/shop"


@dataclass(slots=True)
class Desk:
    """What a test acts with; `fence` and `may_write` are the lease's."""

    cluster: Cluster
    environment: Environment
    repository: str = REPOSITORY
    fence: int = 1
    may_write: Callable[[], None] = lambda: None
    said: list[str] = field(default_factory=list)
    made: list[Change] = field(default_factory=list)

    @property
    def namespace(self) -> str:
        return self.environment.namespace

    @property
    def parent(self) -> Parent:
        return parent_of(self.repository, self.environment)

    def allowing(self, **changed: Any) -> "Desk":
        return replace(self, environment=replace(self.environment, **changed), said=[])

    def manifests(self, text: str) -> tuple[Manifest, ...]:
        return limits.check(read_manifests(text, "deploy/all.yaml"), self.environment, self.cluster.kinds)

    def plan(self, text: str, **options: bool) -> Plan:
        manifests = self.manifests(text)
        live = read_live(self.cluster, self.inventory(), manifests, self.environment)
        return make_plan(manifests, live, rules_of(self.environment), prune=self.environment.prune, **options)

    def apply(self, text: str) -> ChangeSet:
        return self.apply_plan(self.plan(text))

    def apply_plan(self, plan: Plan) -> ChangeSet:
        make_room(self.cluster, plan, fence=self.fence, may_write=self.may_write, say=self.said.append)
        return apply(
            self.cluster, plan, fence=self.fence, may_write=self.may_write, say=self.said.append, made=self.made.append
        )

    def prune(self, plan: Plan) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
        """Prune; a finalizer that a test leaves on is not waited for."""
        pruned = prune(self.cluster, plan, fence=self.fence, may_write=self.may_write, say=self.said.append, within=0.3)
        return pruned.deleted, pruned.stayed

    def deploy(self, text: str, **options: bool) -> ChangeSet:
        """Apply and prune."""
        plan = self.plan(text, **options)
        changes = self.apply_plan(plan)
        deleted, survivors = self.prune(plan)
        return ChangeSet((*changes.changes, *deleted, *survivors))

    def wait(
        self, text: str, deadline: float = 120.0, give_way: Callable[[], None] = lambda: None, see: See = unseen
    ) -> tuple[Finding, ...]:
        with Watches(self.cluster) as watches:
            return wait(
                watches, self.manifests(text), deadline=deadline, give_way=give_way, say=self.said.append,
                labels=of_inventory(self.parent.id), written={change.ref for change in self.made}, see=see,
            )  # fmt: skip

    def deploy_and_wait(
        self, text: str, deadline: float = 120.0, between: Callable[[], None] = lambda: None
    ) -> tuple[Finding, ...]:
        """Apply as the story does: what may be gone at once is watched before it is written.

        `between` happens after the last write and before the wait.
        """
        manifests = self.manifests(text)
        with followed(self.cluster, manifests, self.parent.id) as watches:
            self.apply(text)
            between()
            return wait(
                watches, manifests, deadline=deadline, give_way=lambda: None, say=self.said.append,
                labels=of_inventory(self.parent.id), written={change.ref for change in self.made},
            )  # fmt: skip

    def inventory(self) -> Inventory:
        return locate(self.cluster, self.repository, self.environment)

    def get(self, plural: str, name: str, api: str = "/api/v1") -> dict[str, Any] | None:
        return self.cluster.find(f"{api}/namespaces/{self.namespace}/{plural}/{name}")

    def write(
        self, manager: str, path: str, body: dict[str, Any], content: str = "application/merge-patch+json"
    ) -> Answer:
        """Write as somebody else."""
        return self.cluster.request("PATCH", path, {"fieldManager": manager}, body, content)


def statuses(desk: Desk) -> str:
    """Read what is said of all pods."""
    found = desk.cluster.request("GET", f"/api/v1/namespaces/{desk.namespace}/pods").data["items"]
    return str([each.get("status") for each in found])


def deployment(name: str = "web", *, image: str = "nginx:1", replicas: int = 1, **annotations: str) -> str:
    """Write a Deployment; annotations are the simulated kubelet's (`ready_after="1s"`)."""
    wishes = {f"devcluster.pushboat.dev/{key.replace('_', '-')}": value for key, value in annotations.items()}
    template = {
        "metadata": {"labels": {"app": name}, "annotations": wishes},
        "spec": {"containers": [{"name": "app", "image": image, "ports": [{"containerPort": 8080}]}]},
    }
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}
    return document({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec})


def config_map(name: str, **data: str) -> str:
    """Write a ConfigMap."""
    return document({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})


def document(body: dict[str, Any]) -> str:
    """Write one document of a YAML file."""
    return f"---\n{yaml.safe_dump(body, sort_keys=False)}"


def actions(changes: ChangeSet) -> dict[str, str]:
    """Say what happened to each object, by name."""
    return {change.ref.name: change.action.value for change in changes.changes}


def notes(changes: Sequence[Change], name: str) -> str:
    """Read the notes on one object."""
    return "; ".join(next(change for change in changes if change.ref.name == name).notes)


def lost() -> None:
    """Say that the lease is gone."""
    raise LeaseLost("another worker has the lane")
