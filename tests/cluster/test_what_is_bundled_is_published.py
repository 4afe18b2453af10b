"""What is bundled of a version of Kubernetes is what a cluster of it serves, and the schemas that it publishes."""

import pytest

from cli.lab.bundling import needed
from tests.lines import audited
from tests.written import config_map
from workers.cluster.client.connection import Cluster
from workers.deploying.ending_apis import ending
from workers.manifests.reading import read_manifests
from workers.review.minors import DEFAULT, minor


@pytest.mark.proves("offline")
def test_what_is_bundled_is_what_the_server_publishes(door: Cluster) -> None:
    """What `pushboat check` says without a cluster is what the cluster would be asked about."""
    bundled = minor(DEFAULT)
    assert bundled.version == door.request("GET", "/version").data["gitVersion"]
    door.kinds.refresh()
    served = {each: door.kinds.find(*each) for each in bundled.kinds}
    assert {each for each, kind in served.items() if kind is None} == {
        each for each in bundled.kinds if "alpha" in each[1] or "beta" in each[1]
    }
    assert all(bundled.kinds[each] == kind.namespaced for each, kind in served.items() if kind is not None)
    on = {each for each, kind in served.items() if kind is not None}
    published = door.published({each[:2] for each in on})
    assert not published.missing
    schemas = {name: schema for each in published.documents.values() for name, schema in each.schemas.items()}
    ours = needed(bundled.compiled.schemas, on)
    theirs = needed(schemas, on)
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_what_never_ends_costs_no_request(door: Cluster) -> None:
    """A deployment of what everybody has asks its cluster for no version; else it asks once, and reads the number."""
    cluster, audit = audited(door)
    assert ending(cluster, read_manifests(config_map("a"), "deploy/a.yaml")) == ()
    assert audit.asked == []
    assert f"v{cluster.minor()}." in minor(DEFAULT).version
