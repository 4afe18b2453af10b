"""The door to a cluster: who is at fault, and what must be done, is told from the API server's answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterRefused, ClusterUnavailable
from tests.cluster.answering import Server, serving, write_kubeconfig
from tests.cluster.desk import Desk, config_map
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.client.kinds import Kind
from workers.cluster.reading.listing import list_place


@pytest.fixture
def server() -> Iterator[Server]:
    """A fake API server on localhost."""
    with serving() as running:
        yield running


@pytest.fixture
def access(server: Server, tmp_path: Path) -> ClusterAccess:
    """A kubeconfig for it."""
    return ClusterAccess(
        name="dev", kubeconfig=write_kubeconfig(tmp_path / "kubeconfig", server, {"token": "t0k3n-value"})
    )


@pytest.fixture
def cluster(access: ClusterAccess) -> Iterator[Cluster]:
    """A connection to it."""
    opened = connect(access)
    yield opened
    opened.close()


def test_a_busy_server_is_asked_again(server: Server, cluster: Cluster) -> None:
    """429 with a short Retry-After is no trouble worth telling."""
    server.answers = [(429, {"Retry-After": "0"}, {"message": "slow down"}), (200, {}, {"kind": "Pod"})]
    assert cluster.request("GET", "/x").data == {"kind": "Pod"}
    assert len(server.seen) == 2


def test_a_long_pause_is_left_to_the_caller(server: Server, cluster: Cluster) -> None:
    """429 with a long Retry-After is passed on with its seconds."""
    server.answers = [(429, {"Retry-After": "30"}, {"message": "slow down"})]
    with pytest.raises(ClusterUnavailable) as busy:
        cluster.request("GET", "/x")
    assert busy.value.retry_after == 30
    assert len(server.seen) == 1


@pytest.mark.proves("identity")
def test_an_impersonated_account_is_named_in_every_request(server: Server, access: ClusterAccess) -> None:
    """An environment's service account does everything in its own name."""
    opened = connect(access, "shop/deployer")
    opened.request("GET", "/x")
    opened.close()
    assert server.seen[0]["impersonate-user"] == "system:serviceaccount:shop:deployer"
    assert server.seen[0]["authorization"] == "Bearer t0k3n-value"
    assert "t0k3n" not in repr(opened)


def test_warnings_come_with_the_answer(server: Server, cluster: Cluster) -> None:
    """What the API server warns about is kept."""
    server.answers = [(200, {"Warning": '299 - "policy/v1beta1 is deprecated"'}, {})]
    assert cluster.request("GET", "/x").warnings == ("policy/v1beta1 is deprecated",)


@pytest.mark.proves("pain-14")
def test_a_cluster_that_is_down_is_the_worlds_fault(server: Server, access: ClusterAccess) -> None:
    """A cluster that cannot be reached is retried later, not blamed on the commit."""
    server.server_close()
    opened = connect(access)
    with pytest.raises(ClusterUnavailable, match="cluster dev does not answer"):
        opened.request("GET", "/x")
    opened.close()


@pytest.mark.proves("identity")
def test_an_account_without_rights_reads_which_right_is_missing(desk: Desk, kubeconfig: Path) -> None:
    """When RBAC refuses, I read who may not do what where, and who must grant it."""
    opened = connect(ClusterAccess(name="dev", kubeconfig=kubeconfig), f"{desk.namespace}/deployer")
    limited = Desk(opened, desk.environment)
    with pytest.raises(ClusterRefused) as denied:
        limited.deploy(config_map("settings"))
    opened.close()
    assert f"system:serviceaccount:{desk.namespace}:deployer may not get secrets" in denied.value.summary
    assert "the administrator of cluster dev must grant it (RBAC)" in denied.value.summary


def test_a_list_whose_pages_have_ended_is_read_anew(server: Server, cluster: Cluster) -> None:
    """A slow read of many objects outlives the cluster's pages: it starts again, and finds each object once."""
    first = {"items": [{"metadata": {"name": "a"}}], "metadata": {"continue": "more"}}
    last = {"items": [{"metadata": {"name": "b"}}], "metadata": {}}
    ended = {
        "kind": "Status",
        "code": 410,
        "reason": "Expired",
        "message": "The provided continue parameter is too old",
    }
    server.answers = [(200, {}, first), (410, {}, ended), (200, {}, first), (200, {}, last)]
    kind = Kind("", "v1", "ConfigMap", "configmaps", namespaced=True)
    found = list_place(cluster, (kind, "shop"), {})
    assert [each["metadata"]["name"] for each in found] == ["a", "b"]
