"""What is already there is left alone: not one write, counted by the API server itself."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cluster_view import ClusterView
from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import config_map, deployment

pytestmark = pytest.mark.proof  # a control plane and a Pushboat of its own; on the one that all share: tests/engine
OBJECTS = 50
WRITES = ("PATCH", "APPLY", "PUT", "POST", "DELETE", "DELETECOLLECTION")
COUNTER = re.compile(r"^apiserver_request_total\{(?P<labels>.*)\} (?P<count>\S+)$", re.M)
KINDS = {"configmaps", "deployments", "secrets", "namespaces"}
"""What a deployment of ours may touch. Leases, events and pods are written by others all the time."""


def manifest(changed: str = "") -> str:
    """Write 49 ConfigMaps and a Deployment; one of them may be another than before."""
    names = [f"settings-{number:02}" for number in range(OBJECTS - 1)]
    maps = [config_map(name, version="2" if name == changed else "1") for name in names]
    return "---\n".join([*maps, deployment()])


def counted(cluster: ClusterView) -> dict[tuple[str, str], float]:
    """Ask the API server how often each kind was written since it runs, by any caller in any namespace."""
    totals: dict[tuple[str, str], float] = {}
    for found in COUNTER.finditer(cluster.text("/metrics")):
        labels = dict(re.findall(r'(\w+)="([^"]*)"', found["labels"]))
        if labels["verb"] in WRITES and labels["resource"] in KINDS and not labels["subresource"]:
            key = (labels["verb"], labels["resource"])
            totals[key] = totals.get(key, 0) + float(found["count"])
    return totals


def versions(cluster: ClusterView, namespace: str) -> Mapping[str, tuple[str, Any]]:
    """List everything that a deployment may touch in a namespace, with its version and the times of its managers."""
    found = {"namespace": cluster.get(f"/api/v1/namespaces/{namespace}")}
    for group, plural in (("/api/v1", "configmaps"), ("/api/v1", "secrets"), ("/apis/apps/v1", "deployments")):
        for item in cluster.get(f"{group}/namespaces/{namespace}/{plural}")["items"]:
            found[f"{plural}/{item['metadata']['name']}"] = item
    return {
        name: (
            item["metadata"]["resourceVersion"],
            [(one["manager"], one["time"]) for one in item["metadata"].get("managedFields", ())],
        )
        for name, item in found.items()
    }


@pytest.fixture(scope="module")
def counting(undisturbed: Path) -> Iterator[ClusterView]:
    """A cluster in which nobody else writes."""
    view = ClusterView(undisturbed)
    yield view
    view.close()


@pytest.fixture(scope="module")
def pushboat(
    tmp_path_factory: pytest.TempPathFactory, counting: ClusterView, forges: dict[str, FakeForge]
) -> Iterator[Served]:
    """The Pushboat that deploys to it."""
    operator = operators_file(counting.kubeconfig, forges, shops={"github": 2})
    served = Served.start(tmp_path_factory.mktemp("counted"), operator, environ_of(forges))
    yield served
    served.stop()


@pytest.fixture
def deployed(shops: Callable[[Served, str], Shop], pushboat: Served, counting: ClusterView) -> Shop:
    """A shop with 50 objects that runs and is quiet."""
    shop = replace(shops(pushboat, "github"), cluster=counting)
    ended = shop.ended(shop.push({"deploy/all.yaml": manifest()}))
    assert ended["objects"]["created"] == OBJECTS
    return shop


def replay(shop: Shop, served: Served, environ: dict[str, str]) -> dict[str, Any]:
    """Do the newest delivery of a shop again and wait for the deployment that it leads to."""
    newest = served.get(f"/api/v1/deliveries?repository={shop.repository}&limit=1")["items"][0]
    done = served.command("deliveries", "replay", str(newest["id"]), "--json", env=environ)
    assert done.returncode == 0, done.stderr
    path = f"/api/v1/deliveries/{json.loads(done.stdout)['id']}"
    [number] = until(lambda: served.get(path)["deployments"], what="the replay to be routed")
    place = f"/api/v1/deployments/{number}"
    until(lambda: served.get(place)["finished_at"], what="the end of the replay")
    return dict(served.get(place))


@pytest.mark.proves("same-commit")
def test_the_same_commit_again_sends_no_write(deployed: Shop, environ: dict[str, str]) -> None:
    """I replay the delivery: the same commit is deployed again, healthy again, and nothing in the cluster moved."""
    before, writes = versions(deployed.cluster, deployed.namespace), counted(deployed.cluster)
    ended = replay(deployed, deployed.served, environ)
    assert (ended["state"], ended["objects"]["unchanged"]) == ("succeeded", OBJECTS)
    assert ended["trigger"] == "replay"
    assert counted(deployed.cluster) == writes
    assert versions(deployed.cluster, deployed.namespace) == before


@pytest.mark.proves("path-filter")
def test_one_object_of_fifty_is_one_write(deployed: Shop) -> None:
    """I change one of 50 objects: one of them is written, none of the other 49, and the inventory tells the commit."""
    before, writes = versions(deployed.cluster, deployed.namespace), counted(deployed.cluster)
    ended = deployed.ended(deployed.push({"deploy/all.yaml": manifest(changed="settings-07")}))
    assert ended["state"] == "succeeded"
    assert (ended["objects"]["configured"], ended["objects"]["unchanged"]) == (1, OBJECTS - 1)
    after = versions(deployed.cluster, deployed.namespace)
    (inventory,) = (name for name in after if name.startswith("secrets/pushboat-staging-"))
    assert {name for name in after if after[name] != before.get(name)} == {"configmaps/settings-07", inventory}
    secret = deployed.cluster.get(f"/api/v1/namespaces/{deployed.namespace}/{inventory}")
    assert secret["metadata"]["annotations"]["pushboat.dev/sha"] == ended["sha"]
    told = counted(deployed.cluster)
    assert {key: told[key] - writes.get(key, 0) for key in told if told[key] != writes.get(key, 0)} == {
        ("APPLY", "configmaps"): 1,
        ("APPLY", "secrets"): 1,
    }
