"""An environment on a real cluster with a worker for it, where a test lets time pass and the timer come round."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from pushboat.config.operator import ClusterAccess, Limits, Project
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.inspection import Inspection
from pushboat.model.state import State
from pushboat.store import comparing, deployments, inspections, routing_jobs
from pushboat.store.database.engine import Store
from tests.cluster_view import ClusterView
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, time_passes
from tests.written import repository_file
from workers.deploying import story as deploying
from workers.dispatching import clusters_of
from workers.inspecting import story as inspecting
from workers.reporting import Seats
from workers.tools import Tools

LANE = Lane(repository=NAME, environment="staging")
FILE = repository_file(wait="0s")


@dataclass
class Watched:
    """One environment; `tools` are its worker's."""

    github: FakeGitHub
    repository: Repository
    tools: Tools
    cluster: ClusterView
    namespace: str

    @property
    def store(self) -> Store:
        return self.tools.store

    def pushed(self, *manifests: str, file: str = FILE) -> Deployment:
        """Push these manifests as the whole folder; the deployment waits."""
        files = {".pushboat.yaml": file, "deploy/all.yaml": "---\n".join(manifests)}
        sha = self.github.push("acme/shop", "main", files, deliver=False, replace=True).sha
        return self.repository.push(sha)

    def release(self, *manifests: str, file: str = FILE) -> Deployment:
        """Push and deploy."""
        return self.carried_out(self.pushed(*manifests, file=file))

    def carried_out(self, made: Deployment) -> Deployment:
        deploying.deploy(self.tools, made.id)
        return self.repository.row(made)

    def come_round(self, seconds: float = 1000.0, cluster: str = "dev") -> Inspection:
        """Let time pass and the timer come round once; give how the environment was found."""
        time_passes(self.store, seconds)
        return self.look(cluster)

    def look(self, cluster: str = "dev") -> Inspection:
        """Let the timer come round now."""
        comparing.schedule(self.store, clusters_of(self.tools.operator, self.store), self.tools.operator.drift_every)
        inspections.wake(self.store, LANE)
        return self.look_if_due(cluster)

    def look_if_due(self, cluster: str = "dev") -> Inspection:
        """Let a worker look at what is due."""
        inspecting.inspect(self.tools, Seats(1), cluster)
        return self.found()

    def found(self) -> Inspection:
        """Read how the environment was found."""
        return inspections.listed(self.store)[0]

    def healing(self) -> list[Deployment]:
        """List what is queued to put drift back."""
        queued = routing_jobs.unfinished(self.store, LANE)
        return [each for each in queued if each.heals and each.state is State.QUEUED]

    def healed_so_far(self) -> list[Deployment]:
        """List all that ever put drift back, or tried to."""
        return [each for each in deployments.listed(self.store, limit=500) if each.heals]

    def healed(self) -> Deployment:
        """Carry out what was queued to put drift back."""
        (made,) = self.healing()
        return self.carried_out(made)

    def allowing(self, **limits: Any) -> None:
        """Let the operator allow something else."""
        allowed = replace(self.tools.operator.projects[NAME].environments["staging"], **limits)
        project = Project(repository=NAME, environments=Allowed({"staging": allowed}))
        self.tools = replace(self.tools, operator=replace(self.tools.operator, projects={NAME: project}))

    def edit(self, path: str, body: Any, manager: str = "kubectl-edit") -> Any:
        """Change an object of the namespace by hand."""
        whole = f"{path.replace('$NS', self.namespace)}?fieldManager={manager}"
        return self.cluster.request("PATCH", whole, body, "application/merge-patch+json")

    def map(self, name: str) -> Any:
        return self.cluster.config_map(self.namespace, name)


@contextmanager
def watched(
    tmp_path: Path, github: FakeGitHub, repository: Repository, kubeconfig: Path, cluster: ClusterView, **limits: Any
) -> Iterator[Watched]:
    """Hold an environment in a namespace of its own, with nothing in it."""
    namespace = f"drift-{uuid4().hex[:8]}"
    allowed = Limits(environment="staging", cluster="dev", namespaces=(namespace,), create_namespaces=True, **limits)
    clusters = {"dev": ClusterAccess(name="dev", kubeconfig=kubeconfig)}
    projects = {NAME: {"staging": allowed}}
    with at_work(tmp_path, repository.store, github.configured(), projects, clusters) as tools:
        yield Watched(github, repository, tools, cluster, namespace)
