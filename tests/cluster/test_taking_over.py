"""Objects that another tool made move to a repository: allowed or refused at the first push, then whole."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from pushboat.config.environment import Environment
from pushboat.errors import ApplyRejected
from tests.cluster.comparing import read, wished
from tests.cluster.desk import Desk, actions, config_map, deployment, document, notes
from tests.cluster.makers import MAKERS, bodies, create, helm, kubectl
from tests.lines import Died, Mortal, audited, put
from tests.sweeping import sweep
from tests.until import until
from workers.cluster.client.connection import Cluster
from workers.cluster.fieldsets import entries_of
from workers.cluster.objects import LAST_APPLIED
from workers.cluster.writing.dry_running import dry_run

DATA = Path(__file__).parent.parent / "data" / "manifests"
BEFORE, AFTER = (DATA / "to-take-over.yaml").read_text(), (DATA / "taken-over.yaml").read_text()


@pytest.fixture(scope="module")
def fresh(door: Cluster) -> Iterator[dict[str, dict[str, Any]]]:
    """What a cluster that never saw anything else has after a deployment of the second manifests."""
    name = f"t-{uuid4().hex[:10]}"
    desk = Desk(door, Environment(name="fresh", cluster="dev", namespaces=(name,), namespace=name, path="deploy"))
    desk = desk.allowing(create_namespaces=True)
    desk.deploy(AFTER)
    yield {key(body): wished(read(desk, body)) for body in bodies(AFTER)}
    sweep(door.request, name)


def key(body: dict[str, Any]) -> str:
    return f"{body['kind']}/{body['metadata']['name']}"


@pytest.mark.proves("client-side-migration")
@pytest.mark.proves(
    "adopted-from-kubectl-apply",
    "adopted-from-helm",
    "adopted-from-argocd",
    among=("Service", "StatefulSet", "CronJob", "NetworkPolicy", "Role"),
)
@pytest.mark.parametrize("maker", MAKERS)
def test_what_left_git_leaves_objects_that_another_tool_made(
    desk: Desk, maker: str, fresh: dict[str, dict[str, Any]]
) -> None:
    """After taking over, what runs is what a fresh apply gives; objects stay the same, and nothing restarts."""
    word, make = MAKERS[maker]
    for body in bodies(BEFORE):
        make(desk, body)
    made = {key(body): read(desk, body) for body in bodies(BEFORE)}
    desk = desk.allowing(adopt=(word,))
    adopted = desk.deploy(BEFORE)
    assert set(actions(adopted).values()) == {"configured"}
    for body in bodies(BEFORE):
        live = read(desk, body)
        assert live.get("spec") == made[key(body)].get("spec"), key(body)
        assert {entry["manager"] for entry in entries_of(live) if not entry.get("subresource")} <= {
            "pushboat",
            "kube-controller-manager",
        }
        assert LAST_APPLIED not in live["metadata"].get("annotations", {})
    assert set(actions(desk.deploy(BEFORE)).values()) == {"unchanged"}
    desk.deploy(AFTER)
    for body in bodies(AFTER):
        live = read(desk, body)
        assert live["metadata"]["uid"] == made[key(body)]["metadata"]["uid"]
        assert wished(live) == fresh[key(body)], key(body)
    assert set(actions(desk.deploy(AFTER)).values()) == {"unchanged"}


@pytest.mark.proves("client-side-migration")
@pytest.mark.parametrize("maker", [name for name, (word, _) in MAKERS.items() if word != "kubectl"])
def test_a_tool_that_is_not_named_is_refused_before_anything_is_written(desk: Desk, maker: str) -> None:
    """I am told at the first push which line allows it, for all objects at once, and nothing is half taken over."""
    word, make = MAKERS[maker]
    text = deployment() + config_map("settings", colour="red")
    for body in bodies(text):
        make(desk, body)
    cluster, audit = audited(desk.cluster)
    with pytest.raises(ApplyRejected) as refused:
        replace(desk, cluster=cluster).apply(config_map("first", a="1") + text)
    assert refused.value.summary.startswith(f"add `adopt: [kubectl, {word}]` to environment staging in pushboat.yaml")
    assert "(and 1 more)" in refused.value.summary
    assert "Deployment/" in refused.value.details
    assert "ConfigMap/" in refused.value.details
    assert audit.writes == []
    desk.allowing(adopt=("kubectl", word)).deploy(text)


def test_people_are_refused_where_the_operator_does_not_name_them(desk: Desk) -> None:
    """Where nothing may be taken over, an object that somebody made by hand is refused as well."""
    kubectl(desk, bodies(config_map("settings", colour="red"))[0])
    with pytest.raises(ApplyRejected, match=r"add `adopt: \[kubectl\]`.*deployed by kubectl-client-side-apply"):
        desk.allowing(adopt=()).deploy(config_map("settings", colour="red"))


def test_a_tools_marks_give_it_away(desk: Desk) -> None:
    """An object that Helm's marks say is a release's is Helm's, whatever wrote it last."""
    body = bodies(config_map("settings", colour="red"))[0]
    helm(desk, body)
    live = read(desk, body)
    books = [{**entry, "manager": "some-console"} for entry in live["metadata"]["managedFields"]]
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings"
    desk.write("some-console", path, {"metadata": {"managedFields": books}})
    with pytest.raises(ApplyRejected, match=r"adopt: \[kubectl, helm\].*some-console \(release shop\)"):
        desk.deploy(config_map("settings", colour="red"))


def test_what_controllers_wrote_is_no_reason_to_refuse(desk: Desk) -> None:
    """The service account that every namespace has may be declared in git."""
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
    until(lambda: desk.get("serviceaccounts", "default"), what="the namespace's own account")
    text = document({**account, "imagePullSecrets": [{"name": "pull"}]})
    assert actions(desk.deploy(text)) == {"default": "configured"}
    assert actions(desk.deploy(text)) == {"default": "unchanged"}


def test_an_object_without_books_is_taken_over_whole(desk: Desk) -> None:
    """An object whose managed fields somebody cleared follows git all the same."""
    body = bodies(config_map("settings", kept="1", dropped="1"))[0]
    kubectl(desk, body)
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings"
    desk.write("kubectl", path, {"metadata": {"managedFields": [{}]}})
    desk.deploy(config_map("settings", kept="1"))
    assert read(desk, body)["data"] == {"kept": "1"}
    assert actions(desk.deploy(config_map("settings", kept="1"))) == {"settings": "unchanged"}


def settled(desk: Desk) -> None:
    """Wait until the controller has written what it writes: each of its writes would make one of ours come again."""

    def has_seen_it() -> bool:
        live = desk.get("deployments", "web", "/apis/apps/v1")
        assert live is not None
        revision = "deployment.kubernetes.io/revision" in live["metadata"].get("annotations", {})
        conditions = live["status"].get("conditions", ())
        reasons = {each["reason"] for each in conditions}
        seen = live["status"].get("observedGeneration") == live["metadata"]["generation"]
        return seen and revision and "NewReplicaSetAvailable" in reasons

    until(has_seen_it, what="the controller's last word")


@pytest.mark.proves("client-side-migration")
def test_what_is_never_taken_costs_no_request(desk: Desk) -> None:
    """A restart by hand and a finalizer stay with who wrote them, without a write for that at each deployment."""
    body = bodies(deployment(replicas=0))[0]
    mark = {"kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z"}
    body["spec"]["template"]["metadata"]["annotations"] = mark
    create("kubectl-create")(desk, {**body, "metadata": {"name": "web", "finalizers": ["example.com/hold"]}})
    settled(desk)
    cluster, audit = audited(desk.cluster)
    one = replace(desk, cluster=cluster)
    taken = one.deploy(deployment(replicas=0))
    assert "metadata.finalizers is left to kubectl-create" in notes(taken.changes, "web")
    web = [each for each in audit.writes if each.endswith("/deployments/web")]
    assert len(web) == 2, "the books, and the apply"
    settled(desk)
    audit.asked.clear()
    one.deploy(deployment(image="nginx:2", replicas=0))
    assert [each for each in audit.writes if each.endswith("/deployments/web")] == web[:1]
    assert read(desk, body)["spec"]["template"]["metadata"]["annotations"] == mark
    desk.write("kubectl-edit", web[0].removeprefix("PATCH "), {"metadata": {"finalizers": None}})


@pytest.mark.proves("other-api-version")
def test_what_was_made_in_another_version_of_its_kind_is_taken_over_too(desk: Desk) -> None:
    """An object that came by an older version of its API follows git in the version that git has, the plan as well."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    old = {
        "apiVersion": "autoscaling/v1",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web"},
        "spec": {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 3, "targetCPUUtilizationPercentage": 50},
    }
    metric = {
        "type": "Resource",
        "resource": {"name": "memory", "target": {"type": "Utilization", "averageUtilization": 9}},
    }
    new = {
        **old,
        "apiVersion": "autoscaling/v2",
        "spec": {"scaleTargetRef": target, "maxReplicas": 3, "metrics": [metric]},
    }
    kubectl(desk, old)
    assert actions(dry_run(desk.cluster, desk.plan(document(new)))) == {"web": "configured"}
    desk.deploy(document(new))
    live = read(desk, new)
    assert live["spec"].get("minReplicas", 1) == 1
    assert [each["resource"]["name"] for each in live["spec"]["metrics"]] == ["memory"]
    assert {entry["manager"] for entry in entries_of(live) if not entry.get("subresource")} == {"pushboat"}
    assert actions(desk.deploy(document(new))) == {"web": "unchanged"}


def test_a_plan_shows_what_taking_over_would_remove(desk: Desk) -> None:
    """Before I merge I see which fields go with the tool that came before, and nothing is written."""
    for body in bodies(BEFORE):
        kubectl(desk, body)
    cluster, audit = audited(desk.cluster)
    changes = dry_run(cluster, desk.plan(AFTER))
    shown = {f"{change.ref.kind}/{change.ref.name}": change.diff for change in changes.changes}
    assert "@@ data.dropped @@\n-1\n" in shown["ConfigMap/settings"]
    assert "@@ spec.ports[dropped] @@\n-" in shown["Service/web"]
    assert "@@ spec.template.spec.containers[app].args @@\n-- --dropped\n" in shown["Deployment/web"]
    assert "@@ spec.template.spec.containers[dropped] @@\n-" in shown["Deployment/web"]
    assert "@@ spec.minReadySeconds @@\n-1\n" in shown["Deployment/web"]
    assert "revisionHistoryLimit" not in shown["Deployment/web"], "a default that stays is no change"
    assert "@@ spec.suspend @@\n-true\n+false\n" in shown["CronJob/nightly"]
    assert all("dryRun=All" in url for url in audit.urls if "fieldManager" in url)
    assert "adopted from kubectl-client-side-apply" in notes(changes.changes, "settings")


@pytest.mark.proves("client-side-migration")
def test_a_takeover_that_a_crash_cut_short_is_finished(desk: Desk) -> None:
    """Whatever a crash left between two requests, the next deployment of the same commit ends at the same."""
    body = bodies(config_map("settings", kept="1"))[0]
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings"
    desk.deploy(config_map("settings", kept="1"))
    desk.write("kubectl-edit", path, {"data": {"added": "1"}})
    with pytest.raises(Died):
        replace(desk, cluster=put(desk.cluster, Mortal(desk.cluster.line, life=2))).deploy(
            config_map("settings", kept="1")
        )
    assert read(desk, body)["data"] == {"kept": "1", "added": "1"}
    assert actions(desk.deploy(config_map("settings", kept="1"))) == {"settings": "configured"}
    assert read(desk, body)["data"] == {"kept": "1"}
    assert actions(desk.deploy(config_map("settings", kept="1"))) == {"settings": "unchanged"}


@pytest.mark.proves("retry-of-a-conflict", "client-side-migration")
def test_a_write_in_between_is_taken_over_too(desk: Desk) -> None:
    """An object that somebody edits between plan and apply ends as git says."""
    body = bodies(config_map("settings", kept="1", dropped="1"))[0]
    kubectl(desk, body)
    plan = desk.plan(config_map("settings", kept="1"))
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings"
    desk.write("kubectl-edit", path, {"data": {"added": "1"}})
    desk.apply_plan(plan)
    assert read(desk, body)["data"] == {"kept": "1"}
