"""What a narrow token asks of clusters is looked for where its environments are, and nowhere else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.app import create_app
from pushboat.config.operator import ClusterAccess, Limits
from pushboat.model.api_token import Role
from pushboat.model.question import Told
from pushboat.model.reach import EVERYTHING, Reach, reach_of
from pushboat.store import api_tokens, questions
from pushboat.store.database.engine import Store
from tests.cluster.conftest import door, namespace
from tests.engine_room.worker import at_work
from tests.fresh_store import fresh_store
from tests.receiving.front_door import make_operator
from workers.cluster.client.connection import Cluster
from workers.questions import logs, story
from workers.questions.answering import USAGE
from workers.questions.words import Unclear
from workers.reporting import Seats
from workers.tools import Tools

__all__ = ["door", "namespace"]
SHOP, OTHER = "github/acme/shop", "github/acme/other"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = fresh_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def tools(tmp_path: Path, store: Store, kubeconfig: Path, door: Cluster, namespace: str) -> Iterator[Tools]:
    """A worker for two clusters: the shop has `default` of the first and a namespace of the second, others the rest."""
    secret = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"theirs-{namespace}"}}
    door.request("POST", "/api/v1/namespaces/default/configmaps", body=secret)
    clusters = {name: ClusterAccess(name=name, kubeconfig=kubeconfig) for name in ("first", "second")}
    places = {
        SHOP: {"staging": ("first", "default"), "production": ("second", namespace)},
        OTHER: {"staging": ("second", "default")},
    }
    projects = {
        repository: {
            name: Limits(environment=name, cluster=cluster, namespaces=(space,))
            for name, (cluster, space) in environments.items()
        }
        for repository, environments in places.items()
    }
    with at_work(tmp_path, store, make_operator(tmp_path).forges["github"], projects, clusters) as made:
        yield made
    door.request("DELETE", f"/api/v1/namespaces/default/configmaps/theirs-{namespace}")


def asked(tools: Tools, reach: Reach, **arguments: str) -> Told:
    """Ask why an object is as it is, with a token that sees so far, and give the worker's answer."""
    _, secret = api_tokens.create(tools.store, f"{reach} {arguments}", reach, Role.VIEWER, 3600.0, "root")
    asking = create_app(tools.operator, tools.store).test_client()
    taken = asking.post(
        "/api/v1/questions",
        json={"word": "why", "arguments": arguments},
        headers={"Authorization": f"Bearer {secret}"},
    )
    number = taken.get_json()["question"]
    story.answer(tools, Seats(), "")
    found = questions.find(tools.store, number)
    assert found is not None
    assert found.told is not None
    return found.told


def test_a_namespace_of_the_same_name_in_another_cluster_is_another(tools: Tools, namespace: str) -> None:
    """Who sees `default` of one cluster and something else of another sees nothing of that one's `default`."""
    theirs = f"configmap/theirs-{namespace}"
    for more in ({"namespace": "default", "cluster": "second"}, {"namespace": namespace, "cluster": "first"}):
        told = asked(tools, reach_of(SHOP), object=theirs, **more)
        assert (told.code, told.form) == (USAGE, None), more
        assert "that this token may see" in told.said[0][1]
    mine = asked(tools, reach_of(SHOP), object=theirs, namespace="default", cluster="first")
    assert mine.form is not None
    every = asked(tools, EVERYTHING, object=theirs, namespace="default", cluster="second")
    assert every.form is not None
    assert every.form["health"] != "Missing"


@pytest.mark.parametrize("cursor", ["[" * 4000, '{"a":' * 800, "[]", '{"0123456789ab": []}', '{"": ""}', "1e999"])
def test_a_cursor_that_nobody_gave_is_refused(door: Cluster, cursor: str) -> None:
    """In a sentence to who asks, and not as a fault of Pushboat's own."""
    with pytest.raises(Unclear, match="cursor must be"):
        logs.page(door, [], cursor=cursor)


def test_what_is_in_no_namespace_is_not_said_to_be_there_or_not(tools: Tools, namespace: str) -> None:
    """Cluster-wide objects, and other namespaces, are told of to tokens that see everything."""
    for there, never in (
        ("clusterrole/view", "clusterrole/never-was"),
        ("namespace/kube-system", "namespace/never-was"),
    ):
        found = [asked(tools, reach_of(SHOP, "production"), object=each) for each in (there, never)]
        said = [
            each.said[0][1].replace(name.partition("/")[2], "NAME")
            for each, name in zip(found, (there, never), strict=True)
        ]
        assert said[0] == said[1]
        assert [(each.code, each.form) for each in found] == [(USAGE, None)] * 2
    own = asked(tools, reach_of(SHOP, "production"), object=f"namespace/{namespace}")
    assert own.form is not None
    missing = asked(tools, reach_of(SHOP, "production"), object="configmap/never-was")
    assert missing.form is not None
    assert missing.form["health"] == "Missing"
