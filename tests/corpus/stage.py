"""Where cases are played: a GitHub, a Pushboat with an operator's file, and a cluster.

GitHub serves the cases for which any forge will do, too: it keeps every status that was ever posted.
"""

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.cluster_view import ClusterView
from tests.corpus.words import Case
from tests.fakes.github import FakeGitHub
from tests.serving import Served

FORGE = "github"
ENVIRON = {"secret": "GITHUB_WEBHOOK_SECRET", "token": "GITHUB_TOKEN"}

Environments = Mapping[str, Mapping[str, Any]]


@dataclass
class Stage:
    """A running Pushboat and what is around it; `projects` are those of its operator's file, by case."""

    forge: FakeGitHub
    served: Served
    cluster: ClusterView
    projects: dict[str, dict[str, Any]]

    def reconfigure(self, case: str, repository: str, environments: Environments) -> None:
        """Write a case's part of the operator's file anew, and start Pushboat again."""
        self.projects[case] = project_of(case, repository, environments)
        written = yaml.safe_load(self.served.config.read_text())
        self.served.config.write_text(yaml.safe_dump({**written, "projects": list(self.projects.values())}))
        self.served.stop()
        self.served.restart(_environ(self.forge))

    def row(self, address: str) -> dict[str, Any] | None:
        """Give the deployment or plan whose page a status links to; None where it links to another page."""
        kind, _, number = address.removeprefix(f"{self.served.url}/").partition("/")
        if kind not in ("deployments", "plans") or not number.isdigit():
            return None
        return dict(self.served.get(f"/api/v1/deployments/{number}"))


@contextmanager
def opened(folder: Path, cluster: ClusterView, cases: Sequence[Case]) -> Iterator[Stage]:
    """Start a forge with the repositories of these cases, and a Pushboat that serves them."""
    projects = {case.name: project_of(case.name, case.repository, case.environments) for case in cases}
    with FakeGitHub(folder / "github") as forge:
        for case in cases:
            forge.create_repository(case.forge_says)
        served = Served.start(folder / "pushboat", _operators_file(cluster, forge, projects), _environ(forge))
        try:
            forge.hook_url = f"{served.url}/webhooks/{FORGE}"
            yield Stage(forge=forge, served=served, cluster=cluster, projects=projects)
        finally:
            served.stop(signal.SIGTERM)


def project_of(case: str, repository: str, environments: Environments) -> dict[str, Any]:
    """Write a project as the operator does: every environment of a case goes to the namespace of its name."""
    usual = {"cluster": "dev", "namespaces": [case], "create_namespaces": True}
    return {
        "repository": f"{FORGE}/{repository}",
        "environments": {name: {**usual, **keys} for name, keys in environments.items()},
    }


def _operators_file(cluster: ClusterView, forge: FakeGitHub, projects: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    github = {
        "kind": "github",
        "url": forge.url,
        "api_url": forge.api_url,
        "clone_url": forge.clone_url,
        "webhook_secrets": [{"env": ENVIRON["secret"]}],
        "token": {"env": ENVIRON["token"]},
    }
    return {
        "forges": {FORGE: github},
        "clusters": {"dev": {"kubeconfig": str(cluster.kubeconfig)}},
        "projects": list(projects.values()),
    }


def _environ(forge: FakeGitHub) -> dict[str, str]:
    return {**os.environ, ENVIRON["secret"]: forge.secret, ENVIRON["token"]: forge.token}
