"""An object moves from one environment's folder into another's, in one namespace: it is handed over as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from pushboat.config.environment import Environment
from pushboat.config.operator import ClusterAccess, Limits, Project
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.model.repository import Identity
from pushboat.model.state import State
from pushboat.store import repositories
from pushboat.store.database.engine import Store
from tests.cluster_view import ClusterView
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy
from tests.written import config_map
from workers.cluster.inventory import locate
from workers.deploying import former, story
from workers.tools import Tools

FILE = yaml.safe_dump(
    {"environments": {name: {"branch": "main", "path": name, "wait": "0s"} for name in ("api", "worker")}}
)


@dataclass
class House:
    """A repository with two environments in one namespace of a real cluster."""

    github: FakeGitHub
    repository: Repository
    tools: Tools
    cluster: ClusterView
    namespace: str

    def push(self, files: dict[str, str]) -> str:
        """Commit these files as the whole tree."""
        return self.github.push("acme/shop", "main", {".pushboat.yaml": FILE, **files}, deliver=False, replace=True).sha

    def deploys(self, sha: str, *environments: str) -> dict[str, Deployment]:
        """Let a push lead to deployments in these environments, and carry them out one after the other."""
        made = {name: self.repository.route(deploy(sha, name))[0] for name in ("api", "worker")}
        return {name: self._carried_out(made[name]) for name in environments}

    def _carried_out(self, made: Deployment) -> Deployment:
        story.deploy(self.tools, made.id)
        return self.repository.row(made)

    def environment(self, name: str) -> Environment:
        """Give an environment as a deployment sees it."""
        return Environment(name=name, cluster="dev", namespaces=(self.namespace,), namespace=self.namespace, path=name)

    def uid(self, name: str) -> str:
        return str(self.cluster.config_map(self.namespace, name)["metadata"]["uid"])


@pytest.fixture
def house(
    tmp_path: Path, github: FakeGitHub, store: Store, repository: Repository, kubeconfig: Path, cluster: ClusterView
) -> Iterator[House]:
    """Both environments may write to one namespace; nothing is there yet."""
    namespace = f"hands-{uuid4().hex[:8]}"
    limits = {
        name: Limits(environment=name, cluster="dev", namespaces=(namespace,), create_namespaces=True)
        for name in ("api", "worker")
    }
    access = ClusterAccess(name="dev", kubeconfig=kubeconfig)
    with at_work(tmp_path, store, github.configured(), {NAME: limits}, {"dev": access}) as tools:
        yield House(github, repository, tools, cluster, namespace)


def test_a_repository_that_its_forge_renamed_goes_on_without_a_word(house: House) -> None:
    """The forge's id says that it is the same one: under its new name in the operator's file nothing is made again."""
    new = "github/acme/store"
    house.deploys(house.push({"api/a.yaml": config_map("a"), "worker/b.yaml": config_map("b")}), "api", "worker")
    for name in (NAME, new):
        repositories.keep(house.tools.store, Identity(name=name, forge="github", id="7", path=name.partition("/")[2]))
    limits = house.tools.operator.projects[NAME].environments.listed
    operator = replace(house.tools.operator, projects={new: Project(repository=new, environments=Allowed(limits))})
    renamed = former.with_former_names(operator, house.tools.store, new, house.environment("api"))
    assert renamed.formerly == (f"{NAME}:api",)
    found = locate(house.tools.clusters.of(renamed), new, renamed, operator.canonical)
    assert found.exists
    assert (found.owner.repository, found.was and found.was.repository) == (new, NAME)
    both = replace(operator, projects={**house.tools.operator.projects, **operator.projects})
    still = former.with_former_names(both, house.tools.store, new, house.environment("api"))
    assert still.formerly == (), "the earlier name is still granted something"


BOTH = {"api/a.yaml": config_map("a"), "api/x.yaml": config_map("x", v="1"), "worker/b.yaml": config_map("b")}
MOVED = {"api/a.yaml": config_map("a"), "worker/x.yaml": config_map("x", v="2"), "worker/b.yaml": config_map("b")}


@pytest.mark.proves("pain-7", "shared-objects")
@pytest.mark.parametrize("order", [("api", "worker"), ("worker", "api")], ids=" first, then ".join)
def test_an_object_that_moves_is_not_made_again(house: House, order: tuple[str, str]) -> None:
    """Whichever environment is deployed first: the object keeps its uid, and belongs to the one that has it now."""
    first = house.deploys(house.push(BOTH), "api", "worker")
    assert {each.state for each in first.values()} == {State.SUCCEEDED}, [each.reason for each in first.values()]
    before = house.uid("x")
    moved = house.deploys(house.push(MOVED), *order)
    assert {name: each.state for name, each in moved.items()} == dict.fromkeys(order, State.SUCCEEDED), [
        each.reason for each in moved.values()
    ]
    assert house.uid("x") == before
    assert house.cluster.config_map(house.namespace, "x")["data"] == {"v": "2"}
    if order[0] == "api":  # it gave up what nobody had taken yet
        said = f"ConfigMap/{house.namespace}/x stays: environment worker has it and takes it over"
        assert moved["api"].reason.endswith(said)
    assert sum(each.counts.deleted + each.counts.created for each in moved.values()) == 0
    gone = house.deploys(house.push({name: text for name, text in MOVED.items() if "x" not in name}), "api", "worker")
    assert (gone["api"].counts.deleted, gone["worker"].counts.deleted) == (0, 1)


@pytest.mark.proves("shared-objects")
def test_two_environments_that_want_one_object_are_both_named(house: House) -> None:
    """Nobody takes turns with it: the second one is red, before anything is written."""
    house.deploys(house.push(BOTH), "api", "worker")
    both = house.deploys(house.push({**BOTH, "worker/x.yaml": config_map("x", v="2")}), "api", "worker")
    assert both["api"].state is State.SUCCEEDED
    assert both["worker"].state is State.FAILED
    assert both["worker"].reason.startswith(
        f"remove it from one of the two: environments api and worker both have ConfigMap/{house.namespace}/x"
    )
    assert house.cluster.config_map(house.namespace, "x")["data"] == {"v": "1"}


@pytest.mark.proves("pain-3")
def test_an_environment_that_cannot_be_rendered_loses_nothing(house: House) -> None:
    """While the other folder is broken nobody knows what it wants: what may be meant for it stays."""
    house.deploys(house.push(BOTH), "api", "worker")
    broken = {**MOVED, "worker/b.yaml": "a: [1"}
    moved = house.deploys(house.push(broken), "api", "worker")
    assert (moved["api"].state, moved["worker"].state) == (State.SUCCEEDED, State.FAILED)
    assert "environment worker may have it, and cannot be rendered" in moved["api"].reason
    before = house.uid("x")
    mended = house.deploys(house.push(MOVED), "worker", "api")
    assert mended["worker"].state is State.SUCCEEDED, mended["worker"].reason
    assert house.uid("x") == before
