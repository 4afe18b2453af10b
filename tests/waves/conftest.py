"""A repository with one environment in a namespace of its own, carried out by one worker's story in this process."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from pushboat.config.operator import ClusterAccess, Limits
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.routing import Deploy
from pushboat.store import progress_lines
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from tests.cluster_view import ClusterView
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.fresh_store import fresh_store
from tests.store import postgres
from tests.store.repository import NAME, Repository, deploy, plan
from tests.sweeping import sweep
from tests.until import PATIENCE, until
from workers.deploying import story
from workers.tools import Tools

Body = dict[str, Any]


@dataclass
class Yard:
    """Where pushes are carried out, one after the other, and looked at."""

    github: FakeGitHub
    repository: Repository
    tools: Tools
    cluster: ClusterView
    namespace: str
    kubeconfig: Path
    wait: str = f"{PATIENCE:g}s"
    commits: int = field(default=0)
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else the repository's file says of its staging."""

    def push(self, *bodies: Body) -> Deployment:
        """Commit these objects as the whole folder, and carry the deployment out."""
        return self.carry_out(self.routed(*bodies))

    def planned(self, *bodies: Body) -> Deployment:
        """Open a pull request with these objects as the whole folder, and make its plan."""
        return self.carry_out(self.routed(*bodies, leads_to=plan))

    def routed(self, *bodies: Body, leads_to: Callable[[str], Deploy] = deploy) -> Deployment:
        """Commit these objects, and let that lead to a deployment that waits."""
        self.commits += 1
        file = {"environments": {"staging": {"branch": "main", "path": "deploy", "wait": self.wait, **self.more}}}
        files = {
            ".pushboat.yaml": yaml.safe_dump(file),
            "deploy/all.yaml": yaml.safe_dump_all(bodies, sort_keys=False),
            "README.md": str(self.commits),
        }
        sha = self.github.push("acme/shop", "main", files, deliver=False, replace=True).sha
        return self.repository.route(leads_to(sha))[0]

    def carry_out(self, made: Deployment) -> Deployment:
        """Do the work of a worker, and give what became of it."""
        story.deploy(self.tools, made.id)
        return self.repository.row(made)

    def allowing(self, **limits: Any) -> None:
        """Change the operator's file."""
        project = self.tools.operator.projects[NAME]
        changed = replace(project.environments["staging"], **limits)
        projects = {NAME: replace(project, environments=Allowed({"staging": changed}))}
        self.tools = replace(self.tools, operator=replace(self.tools.operator, projects=projects))

    def said(self, made: Deployment) -> str:
        """Read what a deployment said on its way."""
        return "\n".join(line.text for line in progress_lines.listed(self.repository.store, made.id))

    def find(self, plural: str, name: str, api: str = "/api/v1") -> Body | None:
        """GET an object of the namespace."""
        found: Body | None = self.cluster.get(f"{api}/namespaces/{self.namespace}/{plural}/{name}")
        return found

    def job(self, name: str) -> Body | None:
        """GET a Job."""
        return self.find("jobs", name, "/apis/batch/v1")

    def finish(self, name: str) -> None:
        """Let the pods of a Job that would run for long come to their end."""
        pods = f"/api/v1/namespaces/{self.namespace}/pods"
        done = {"metadata": {"annotations": {"devcluster.pushboat.dev/completes-after": "0s"}}}
        for pod in self.cluster.get(f"{pods}?labelSelector=job-name%3D{name}")["items"]:
            self.cluster.request("PATCH", f"{pods}/{pod['metadata']['name']}", done, "application/merge-patch+json")

    def runs(self, name: str, least: int = 0) -> int:
        """Count how many Jobs of that name ran, the deleted ones too: each leaves an event when its pod is made.

        Their controller writes the event when it has time, so wait for as many as there are `least`.
        """

        def counted() -> set[str] | None:
            items = self.cluster.get(f"/api/v1/namespaces/{self.namespace}/events")["items"]
            about = [each["involvedObject"] for each in items if each["reason"] == "SuccessfulCreate"]
            found = {each["uid"] for each in about if (each["kind"], each["name"]) == ("Job", name)}
            return found if len(found) >= least else None

        return len(until(counted, what=f"{least} runs of {name}") if least else counted() or ())

    def ran(self, wanted: Mapping[str, int]) -> dict[str, int]:
        """Count the runs of several, and wait for as many as are wanted."""
        return {name: self.runs(name, least) for name, least in wanted.items()}

    def order(self, *names: str) -> list[str]:
        """Sort ConfigMaps and ended Jobs by when each was written last."""
        found: dict[str, int] = {}
        for name in names:
            live = self.find("configmaps", name) or self.job(name)
            assert live is not None, f"{name} is not there"
            found[name] = int(live["metadata"]["resourceVersion"])
        return sorted(found, key=found.__getitem__)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One server for the whole run."""
    with postgres.server() as server:
        yield server


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An open store with our tables: SQLite, where a test does not ask for `postgres`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        opened = fresh_store(tmp_path)
    else:
        opened = open_store(request.getfixturevalue("postgres_server").fresh(), tmp_path)
        migrations.upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def yard(tmp_path: Path, store: Store, kubeconfig: Path, cluster: ClusterView) -> Iterator[Yard]:
    """Nothing is there yet."""
    namespace = f"waves-{uuid4().hex[:8]}"
    limits = Limits(
        environment="staging",
        cluster="dev",
        namespaces=(namespace,),
        create_namespaces=True,
        cluster_scoped=("CustomResourceDefinition", "Namespace"),
    )
    with FakeGitHub(tmp_path / "github") as forge:
        forge.create_repository("acme/shop")
        projects = {NAME: {"staging": limits}}
        clusters = {"dev": ClusterAccess(name="dev", kubeconfig=kubeconfig)}
        with at_work(tmp_path, store, forge.configured(), projects, clusters) as tools:
            if store.postgres:
                address = store.engine.url.render_as_string(hide_password=False)
                tools = replace(tools, operator=replace(tools.operator, store=address))
            yield Yard(forge, Repository(store), tools, cluster, namespace, kubeconfig)
    sweep(cluster.request, namespace)


def config_map(name: str, marks: Mapping[str, str] | None = None, **data: str) -> Body:
    """Write a ConfigMap, which nobody writes to but us."""
    metadata = {"name": name, "annotations": dict(marks or {})}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data or {"a": "1"}}


def job(name: str, marks: Mapping[str, str], *, image: str = "registry.example/m:1", **more: Any) -> Body:
    """Write a Job; `does` is what its simulated container does, other words are fields of its spec."""
    does = {f"devcluster.pushboat.dev/{key}": value for key, value in more.pop("does", {}).items()}
    container = {"name": "c", "image": image}
    template = {"metadata": {"annotations": does}, "spec": {"restartPolicy": "Never", "containers": [container]}}
    metadata: Body = {"name": name, "annotations": dict(marks)}
    if name.endswith("-"):
        metadata = {"generateName": name, "annotations": dict(marks)}
    spec = {"backoffLimit": 0, "template": template, **more}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec}
