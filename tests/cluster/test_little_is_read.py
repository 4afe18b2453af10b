"""What a deployment asks of a cluster: its own objects, and nothing that it knows already."""

from dataclasses import replace

import pytest

from tests.cluster.desk import Desk, config_map, deployment, document
from tests.lines import audited
from workers.cluster.client.connection import Cluster


@pytest.mark.proves("pain-23")
def test_two_requests_tell_of_all_kinds(door: Cluster) -> None:
    """However many groups and definitions my cluster has: two requests, and none as long as nothing is unknown."""
    cluster, audit = audited(door.speaking_as(""))
    for kind in ("ConfigMap", "Service", "Secret", "ServiceAccount"):
        assert cluster.kinds.find("", "v1", kind)
    assert cluster.kinds.find("apps", "v1", "Deployment")
    assert cluster.kinds.find("networking.k8s.io", "v1", "Ingress")
    assert audit.asked == ["GET /api", "GET /apis"]


@pytest.mark.proves("pain-25")
def test_only_our_own_objects_are_listed(desk: Desk) -> None:
    """My namespace is full of other people's objects: none of them is read when I change one of mine."""
    for number in range(5):
        name = {"name": f"theirs-{number}"}
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": name, "data": {"a": "1"}}
        desk.cluster.request("POST", f"/api/v1/namespaces/{desk.namespace}/configmaps", body=body)
    account = document({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web"}})
    desk.deploy(config_map("ours", a="1") + deployment(replicas=0) + account)
    cluster, audit = audited(desk.cluster)
    replace(desk, cluster=cluster).deploy(config_map("ours", a="2") + deployment(replicas=0) + account)
    listed = [
        url
        for asked, url in zip(audit.asked, audit.urls, strict=True)
        if asked.startswith("GET ") and asked.rpartition("/")[2] in ("configmaps", "deployments", "serviceaccounts")
    ]
    assert len(listed) == 3, listed
    assert all("labelSelector=applyset.kubernetes.io" in url for url in listed), listed
    assert all(f"/namespaces/{desk.namespace}/" in url for url in listed)
