"""A pull request learns what its merge would do, from the API server itself, and nothing is written."""

import pytest

from pushboat.errors import ApplyRejected
from tests.cluster.definitions import definition
from tests.cluster.desk import Desk, actions, config_map, deployment, document, notes
from tests.lines import audited
from workers.cluster.writing.dry_running import dry_run


@pytest.mark.proves("plan")
def test_a_dry_run_shows_what_would_change_and_writes_nothing(desk: Desk) -> None:
    """I see each object's change as the API server would make it."""
    desk.deploy(deployment() + config_map("settings", colour="red") + config_map("old", a="1"))
    plan = desk.plan(deployment(image="nginx:2") + config_map("settings", colour="red") + config_map("new", a="1"))
    cluster, audit = audited(desk.cluster)
    changes = dry_run(cluster, plan)
    assert actions(changes) == {"web": "configured", "settings": "unchanged", "new": "created", "old": "deleted"}
    shown = {change.ref.name: change.diff for change in changes.changes}
    assert "@@ spec.template.spec.containers[app].image @@\n-nginx:1\n+nginx:2\n" in shown["web"]
    assert shown["web"].count("@@ ") == 1
    assert "+kind: ConfigMap" in shown["new"]
    assert audit.writes
    assert all("dryRun=All" in url for url in audit.urls if "fieldManager" in url)
    assert desk.get("configmaps", "new") is None
    live = desk.get("deployments", "web", "/apis/apps/v1")
    assert live is not None
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:1"


def test_a_dry_run_finds_what_an_apply_would_refuse(desk: Desk) -> None:
    """A pull request that cannot be applied says so before it is merged."""
    with pytest.raises(ApplyRejected, match=r"unknown field spec\.replica"):
        dry_run(desk.cluster, desk.plan(deployment().replace("replicas: 1", "replica: 1")))


@pytest.mark.proves("pain-9")
def test_a_namespace_that_does_not_exist_yet_is_no_obstacle(desk: Desk) -> None:
    """Objects of a namespace that a merge would create are shown as created."""
    missing = f"{desk.namespace}-new"
    able = desk.allowing(namespaces=(missing,), namespace=missing, create_namespaces=True)
    changes = dry_run(desk.cluster, able.plan(config_map("settings", a="1")))
    assert actions(changes) == {"settings": "created"}
    assert f"not tried: namespace {missing} does not exist yet" in notes(changes.changes, "settings")
    assert desk.cluster.find(f"/api/v1/namespaces/{missing}") is None


@pytest.mark.proves("pain-9")
def test_an_object_of_a_definition_in_the_same_revision_is_no_obstacle(desk: Desk) -> None:
    """A custom resource whose CRD is in the same pull request is shown as created."""
    able = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    group = f"{desk.namespace}.example.com"
    boat = {"apiVersion": f"{group}/v1", "kind": "Boat", "metadata": {"name": "one"}}
    changes = dry_run(desk.cluster, able.plan(document(boat) + document(definition(group))))
    assert set(actions(changes).values()) == {"created"}
    assert "not tried: Boat is defined by a CRD of the same revision" in notes(changes.changes, "one")
