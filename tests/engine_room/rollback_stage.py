"""One environment with releases to go back to, on a real cluster."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from pushboat.config.operator import ClusterAccess, Limits, Project
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import Trigger
from pushboat.store import releases
from pushboat.store.database.engine import Store
from tests.cluster_view import ClusterView
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy
from tests.written import repository_file
from workers.deploying import story
from workers.tools import Tools

FILE = repository_file(wait="0s")

LANE = Lane(repository=NAME, environment="staging")


def secret(value: str) -> str:
    """Write a Secret with one value."""
    return yaml.safe_dump(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login"}, "stringData": {"password": value}}
    )


@dataclass
class Stage:
    """One environment of a repository on a real cluster, and a worker for it."""

    github: FakeGitHub
    repository: Repository
    tools: Tools
    cluster: ClusterView
    namespace: str

    def release(self, *manifests: str, file: str = FILE) -> Deployment:
        """Push these manifests as the whole folder, and deploy them."""
        files = {".pushboat.yaml": file, "deploy/all.yaml": "---\n".join(manifests)}
        sha = self.github.push("acme/shop", "main", files, deliver=False, replace=True).sha
        return self.carried_out(self.repository.push(sha))

    def queued_back(self, number: int, **more: Any) -> Deployment:
        """Ask for a rollback."""
        sha = next(each.sha for each in releases.listed(self.tools.store, LANE) if each.number == number)
        return self.repository.route(deploy(sha, trigger=Trigger.ROLLBACK, release=number, **more))[0]

    def back(self, number: int, tools: Tools | None = None, **more: Any) -> Deployment:
        """Roll back while the forge is away."""
        self.github.down = True
        try:
            return self.carried_out(self.queued_back(number, **more), tools)
        finally:
            self.github.down = False

    def carried_out(self, made: Deployment, tools: Tools | None = None) -> Deployment:
        story.deploy(tools or self.tools, made.id)
        return self.repository.row(made)

    def allowing(self, **limits: Any) -> Tools:
        """Give a worker whose operator allows something else."""
        allowed = replace(self.tools.operator.projects[NAME].environments["staging"], **limits)
        project = Project(repository=NAME, environments=Allowed({"staging": allowed}))
        return replace(self.tools, operator=replace(self.tools.operator, projects={NAME: project}))

    def password(self) -> str:
        found = self.cluster.get(f"/api/v1/namespaces/{self.namespace}/secrets/login")
        return base64.b64decode(found["data"]["password"]).decode() if found else ""


@pytest.fixture
def stage(
    tmp_path: Path, github: FakeGitHub, store: Store, repository: Repository, kubeconfig: Path, cluster: ClusterView
) -> Iterator[Stage]:
    """Staging, with nothing in it."""
    namespace = f"back-{uuid4().hex[:8]}"
    limits = Limits(
        environment="staging",
        cluster="dev",
        namespaces=(namespace,),
        create_namespaces=True,
        cluster_scoped=("CustomResourceDefinition",),
    )
    projects = {NAME: {"staging": limits}}
    clusters = {"dev": ClusterAccess(name="dev", kubeconfig=kubeconfig)}
    with at_work(tmp_path, store, github.configured(), projects, clusters) as tools:
        yield Stage(github, repository, tools, cluster, namespace)
