"""A worker, and what comes late in its cluster: kinds, webhooks, and who converts."""

import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.config.operator import ClusterAccess, Limits, Project
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.store import deployments, progress_lines
from tests.cluster_view import ClusterView
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy, time_passes
from tests.until import until
from tests.written import definition, deployment
from workers.app import make_tools
from workers.deploying import story
from workers.tools import Tools

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

HOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"

ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles"

DEAD = {"url": "https://127.0.0.1:9/"}
"""Where nobody listens."""

LONG = 60.0
"""Seconds, longer than the pause after a first try."""

LIMITS: dict[str, Any] = {"create_namespaces": True, "cluster_scoped": ("ClusterRole", "CustomResourceDefinition")}


@dataclass
class Room:
    """A worker with one place, whose staging and testing follow main, and the API group of this test."""

    tools: Tools
    github: FakeGitHub
    repository: Repository
    cluster: ClusterView
    space: str

    @property
    def group(self) -> str:
        return f"{self.space}.example"

    def boat(self, kind: str = "Boat", version: str = "v1") -> str:
        return f"apiVersion: {self.group}/{version}\nkind: {kind}\nmetadata: {{name: one}}\n"

    def operator(self, **behaviour: str) -> dict[str, str]:
        """Write an operator: what may define kinds, and what runs."""
        rule = {"apiGroups": ["apiextensions.k8s.io"], "resources": ["customresourcedefinitions"], "verbs": ["create"]}
        role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole"}
        return {
            "role.yaml": yaml.safe_dump({**role, "metadata": {"name": f"o-{self.space}"}, "rules": [rule]}),
            "operator.yaml": deployment("operator", **behaviour),
        }

    def push(self, files: Mapping[str, str], environment: str = "staging", wait: str = "5m") -> Deployment:
        """Push what is below the environment's folder; give its deployment."""
        environments = {name: {"branch": "main", "path": name, "wait": wait} for name in ("staging", "testing")}
        written = {f"{environment}/{name}": text for name, text in files.items()}
        file = {".pushboat.yaml": yaml.safe_dump({"environments": environments})}
        sha = self.github.push("acme/shop", "main", {**file, **written}, deliver=False).sha
        return self.repository.route(deploy(sha, environment))[0]

    @contextmanager
    def deploying(self, one: Deployment) -> Iterator[None]:
        """Deploy in a thread of its own, which has ended afterwards."""
        thread = threading.Thread(target=story.deploy, args=(self.tools, one.id))
        thread.start()
        try:
            yield
        finally:
            thread.join(60)
        assert not thread.is_alive()

    def said(self, one: Deployment) -> str:
        return "\n".join(each.text for each in progress_lines.listed(self.tools.store, one.id))

    def ended(self, one: Deployment) -> Deployment:
        found = deployments.find(self.tools.store, one.id)
        assert found
        return found

    def tried_again(self, one: Deployment) -> Deployment:
        """Deploy what was put back, when it is due, and give it as it is then."""
        time_passes(self.tools.store, LONG)
        story.deploy(self.tools, one.id)
        return self.ended(one)

    def define(self, scope: str = "Namespaced") -> None:
        """Define the kind, as the operator does when it has started."""
        body = yaml.safe_load(definition("boats", "Boat", self.group))
        body["spec"]["scope"] = scope
        self.cluster.request("POST", CRDS, body)

    def allow_outside(self, kind: str) -> None:
        """Let the operator's file allow a kind outside of namespaces, too."""
        operator, allowed = self.tools.operator, (*LIMITS["cluster_scoped"], kind)
        named = operator.projects[NAME].environments.written
        changed = {name: replace(each, cluster_scoped=allowed) for name, each in named.items()}
        projects = {NAME: replace(operator.projects[NAME], environments=Allowed(changed))}
        self.tools = replace(self.tools, operator=replace(operator, projects=projects))

    def define_two_versions(self) -> None:
        """Define the kind in a version that is kept, and one that is made of it."""
        body = yaml.safe_load(definition("boats", "Boat", self.group))
        (version,) = body["spec"]["versions"]
        body["spec"]["versions"].append({**version, "name": "v2", "storage": False})
        self.cluster.request("POST", CRDS, body)
        until(lambda: self.cluster.get(f"/apis/{self.group}/v2"), what="the version to be served")

    def convert(self, client: Mapping[str, Any] | None) -> None:
        """Have a webhook convert, or the API server itself, and wait until it does so."""
        webhook = {"clientConfig": client, "conversionReviewVersions": ["v1"]} if client else None
        conversion = {"strategy": "Webhook" if client else "None", "webhook": webhook}
        path, body = f"{CRDS}/boats.{self.group}", {"spec": {"conversion": conversion}}
        self.cluster.request("PATCH", path, body, "application/merge-patch+json")
        if client:
            until(self._is_not_converted, what="the webhook to be asked")

    def image(self) -> str:
        live = self.cluster.deployment(f"{self.space}-staging", "operator")
        return str(live["spec"]["template"]["spec"]["containers"][0]["image"])

    def hook(self, service: Mapping[str, Any] | None = None) -> None:
        """Have boats looked at by a webhook that nobody serves."""
        rule = {"apiGroups": [self.group], "apiVersions": ["*"], "operations": ["*"], "resources": ["boats"]}
        client = {"service": dict(service)} if service else DEAD
        hook = {"name": "boats.hook.example", "clientConfig": client, "rules": [rule], "sideEffects": "None",
                "admissionReviewVersions": ["v1"]}  # fmt: skip
        body = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration"}
        self.cluster.request("POST", HOOKS, {**body, "metadata": {"name": f"h-{self.space}"}, "webhooks": [hook]})
        until(self._is_asked, what="the webhook to be asked")

    def unhook(self) -> None:
        self.cluster.request("DELETE", f"{HOOKS}/h-{self.space}")

    def _is_asked(self) -> bool:
        """Try an object; the API server hears of a new webhook a moment later."""
        path = f"/apis/{self.group}/v1/namespaces/default/boats"
        try:
            self.cluster.request("POST", f"{path}?dryRun=All", yaml.safe_load(self.boat()))
        except Exception as refused:  # noqa: BLE001  whatever the client makes of a 500
            return "boats.hook.example" in str(refused)
        return False

    def _is_not_converted(self) -> bool:
        path = f"/apis/{self.group}/v2/namespaces/default/boats"
        try:
            self.cluster.request("POST", f"{path}?dryRun=All", yaml.safe_load(self.boat(version="v2")))
        except Exception as refused:  # noqa: BLE001  whatever the client makes of a 500
            return "conversion webhook" in str(refused)
        return False

    def clean(self) -> None:
        for path in (f"{HOOKS}/h-{self.space}", f"{CRDS}/boats.{self.group}", f"{ROLES}/o-{self.space}"):
            try:
                self.cluster.request("DELETE", path)
            except Exception:  # noqa: BLE001  it was never there
                continue


@pytest.fixture
def room(
    tools: Tools, kubeconfig: Path, cluster: ClusterView, github: FakeGitHub, repository: Repository, tmp_path: Path
) -> Iterator[Room]:
    """One place to work in, and an API group that nobody has heard of."""
    space = f"p-{uuid.uuid4().hex[:8]}"
    limits = {
        name: Limits(environment=name, cluster="dev", namespaces=(f"{space}-{name}",), **LIMITS)
        for name in ("staging", "testing")
    }
    operator = replace(
        tools.operator,
        workers=1,
        clusters={"dev": ClusterAccess(name="dev", kubeconfig=kubeconfig)},
        projects={NAME: Project(repository=NAME, environments=Allowed(limits))},
    )
    made = make_tools(operator, tools.store, tools.leases, tmp_path, threading.Event())
    opened = Room(made, github, repository, cluster, space)
    yield opened
    opened.clean()
