"""One cluster's login hangs: its own deployments wait for it, and nobody else's waits for theirs."""

import json
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pushboat.config.operator import ClusterAccess, Limits, Project
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import deployments
from pushboat.store.database.engine import Store
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy
from tests.until import until
from workers.app import make_tools
from workers.deploying import story
from workers.tools import Tools

PLACES = {"staging": "slow", "testing": "slow", "production": "dev"}


class Login:
    """A credential plugin that writes its process down and hangs, until it has a token to tell."""

    def __init__(self, folder: Path) -> None:
        self.started, self.token = folder / "started", folder / "token"
        self.kubeconfig = folder / "slow"
        told = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "x"}}
        self.program = program = folder / "login"
        program.write_text(
            f"#!{sys.executable}\nimport os, time\nfrom pathlib import Path\n"
            f"Path({str(self.started)!r}).write_text(str(os.getpid()))\n"
            f"while not Path({str(self.token)!r}).exists():\n    time.sleep(0.02)\n"
            f"print({json.dumps(json.dumps(told))})\n"
        )
        program.chmod(0o700)
        plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": str(program), "interactiveMode": "Never"}
        config = {
            "current-context": "a",
            "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
            "clusters": [{"name": "a", "cluster": {"server": "http://127.0.0.1:1"}}],  # nobody is there
            "users": [{"name": "a", "user": {"exec": plugin}}],
        }
        self.kubeconfig.write_text(yaml.safe_dump(config))

    def hangs(self) -> bool:
        """Say whether somebody waits for it."""
        return self.started.exists() and bool(self.started.read_text())


@pytest.fixture
def login(tmp_path: Path) -> Login:
    """The login of cluster slow."""
    return Login(tmp_path)


@pytest.fixture
def narrow(tools: Tools, kubeconfig: Path, login: Login, tmp_path: Path) -> Tools:
    """A worker with one place, and two clusters: dev answers, slow has a login that hangs."""
    namespace = f"test-{uuid.uuid4().hex[:8]}"
    limits = {
        name: Limits(environment=name, cluster=cluster, namespaces=(namespace,), create_namespaces=True)
        for name, cluster in PLACES.items()
    }
    clusters = {
        "dev": ClusterAccess(name="dev", kubeconfig=kubeconfig),
        "slow": ClusterAccess(name="slow", kubeconfig=login.kubeconfig, plugins=(str(login.program),)),
    }
    projects = {NAME: Project(repository=NAME, environments=Allowed(limits))}
    operator = replace(tools.operator, workers=1, clusters=clusters, projects=projects)
    return make_tools(operator, tools.store, tools.leases, tmp_path, threading.Event())


@pytest.fixture
def pushed(github: FakeGitHub, repository: Repository) -> dict[str, Deployment]:
    """A commit that is on its way to all three environments."""
    environments = {name: {"branch": "main", "path": "deploy"} for name in PLACES}
    file = yaml.safe_dump({"environments": environments})
    sha = github.push("acme/shop", "main", {".pushboat.yaml": file}, deliver=False).sha
    made = repository.route(*(deploy(sha, name) for name in PLACES))
    return {one.lane.environment: one for one in made}


@contextmanager
def deploying(tools: Tools, *numbers: int) -> Iterator[list[threading.Thread]]:
    """Deploy in threads of their own; all have ended afterwards."""
    threads = [threading.Thread(target=story.deploy, args=(tools, number)) for number in numbers]
    for thread in threads:
        thread.start()
    yield threads
    for thread in threads:
        thread.join(60)


def state(store: Store, deployment: Deployment) -> State:
    """Look where it stands."""
    found = deployments.find(store, deployment.id)
    assert found
    return found.state


@pytest.mark.proves("pain-14")
def test_other_clusters_are_deployed_to_meanwhile(
    narrow: Tools, store: Store, pushed: dict[str, Deployment], login: Login
) -> None:
    """The worker has one place, two lanes wait for a login that hangs: a third one, elsewhere, ends all the same."""
    with deploying(narrow, pushed["staging"].id, pushed["testing"].id) as waiting:
        until(login.hangs, what="the login to hang")
        story.deploy(narrow, pushed["production"].id)
        assert state(store, pushed["production"]) is State.SUCCEEDED
        assert all(thread.is_alive() for thread in waiting)
        login.token.touch()
    assert state(store, pushed["staging"]) is State.QUEUED  # its server is not there; later again
    with narrow.slots.one(999) as slot:  # every place was given back once
        assert slot
    assert not Path(f"/proc/{login.started.read_text()}").exists()
