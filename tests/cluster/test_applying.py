"""A plan becomes objects: what is written, what is left alone, and who may write it."""

from dataclasses import replace

import pytest

from pushboat.errors import ApplyRejected, ClusterRefused, LeaseLost
from tests.cluster.definitions import PATH, definition
from tests.cluster.desk import Desk, actions, config_map, deployment, document, lost, notes
from tests.lines import audited
from tests.until import until
from workers.cluster.client.connection import APPLY
from workers.cluster.objects import FENCE, PART_OF
from workers.cluster.writing.shutting_out import take_over


def test_objects_are_created_and_marked_as_ours(desk: Desk) -> None:
    """What I push is in the cluster afterwards, with a label that says whose it is."""
    changes = desk.deploy(config_map("settings", colour="red") + deployment())
    assert actions(changes) == {"settings": "created", "web": "created"}
    live = desk.get("configmaps", "settings")
    assert live is not None
    assert live["data"] == {"colour": "red"}
    assert live["metadata"]["labels"][PART_OF] == desk.parent.id


@pytest.mark.proves("pain-16", "diff-noise")
def test_a_second_apply_of_the_same_commit_writes_nothing(desk: Desk) -> None:
    """Deploying the same commit again asks a few questions and changes nothing."""
    text = deployment() + "".join(config_map(f"settings-{number}", count=str(number)) for number in range(9))
    desk.deploy(text)
    cluster, audit = audited(desk.cluster)
    changes = replace(desk, cluster=cluster).deploy(text)
    assert set(actions(changes).values()) == {"unchanged"}
    assert audit.writes == []
    assert len(audit.asked) == 3, audit.asked  # the inventory, ConfigMaps, Deployments


@pytest.mark.proves("pain-16")
def test_one_changed_object_of_fifty_costs_one_write(desk: Desk) -> None:
    """A change of one object writes that object and nothing else."""
    maps = [config_map(f"settings-{number}", count=str(number)) for number in range(50)]
    desk.deploy("".join(maps))
    cluster, audit = audited(desk.cluster)
    changes = replace(desk, cluster=cluster).deploy("".join([*maps[:-1], config_map("settings-49", count="new")]))
    assert audit.writes == [f"PATCH /api/v1/namespaces/{desk.namespace}/configmaps/settings-49"]
    assert changes.counts.configured == 1
    assert changes.counts.unchanged == 49
    changed = next(change for change in changes.changes if change.ref.name == "settings-49")
    assert "@@ data.count @@\n-49\n+new\n" in changed.diff


def test_all_refused_objects_are_named_with_their_place(desk: Desk) -> None:
    """Every object that the API server refuses is named with file, line and reason, and the good ones are applied."""
    wrong = deployment("web").replace("replicas: 1", "replica: 1")
    unfit = document(
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "front"}, "spec": {"ports": [{"port": 99999}]}}
    )
    with pytest.raises(ApplyRejected) as refused:
        desk.apply(unfit)
    assert "deploy/all.yaml:8:11: Service/" in refused.value.summary
    assert "spec.ports[0].port" in refused.value.summary
    with pytest.raises(ApplyRejected) as refused:
        desk.apply(deployment("good") + wrong + deployment("worse").replace("containers", "containerz"))
    assert f"Deployment/{desk.namespace}/web: unknown field spec.replica" in refused.value.summary
    assert refused.value.summary.startswith("deploy/all.yaml:")
    assert "(and 1 more)" in refused.value.summary
    assert "unknown field spec.template.spec.containerz" in refused.value.details
    with pytest.raises(ApplyRejected, match=r"web: \.spec\.replicas: expected numeric"):
        desk.apply(deployment().replace("replicas: 1", "replicas: many"))
    assert desk.get("deployments", "good", "/apis/apps/v1") is not None


@pytest.mark.proves("immutable-field", "pain-8")
def test_a_field_that_cannot_change_is_refused_with_advice(desk: Desk) -> None:
    """When a field is immutable I am told what I can do about it."""
    desk.deploy(deployment())
    with pytest.raises(ApplyRejected, match=r"give the Deployment a new name .* — .*spec\.selector"):
        desk.apply(deployment().replace("app: web", "app: other"))


@pytest.mark.proves("secrets-in-diffs", "pain-12")
def test_secret_values_are_in_no_message_and_no_diff(desk: Desk) -> None:
    """My secret's value appears neither in an error nor in a diff."""
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "key"},
        "stringData": {"token": "hunter2hunter2"},
    }
    created = desk.deploy(document(secret)).changes[0]
    changed = desk.deploy(document({**secret, "stringData": {"token": "correcthorse"}})).changes[0]
    assert "+  token: '***'" in created.diff
    assert "+*** (changed)" in changed.diff
    with pytest.raises(ApplyRejected) as refused:
        desk.apply(document({**secret, "stringData": {}, "data": {"token": "not*base64*correcthorse"}}))
    assert "illegal base64 data" in refused.value.summary
    with pytest.raises(ApplyRejected) as unknown:
        desk.apply(document({**secret, "immutable": "correcthorse"}))
    for text in (created.diff, changed.diff, refused.value.summary, unknown.value.summary):
        for value in ("hunter2", "correcthorse", "aHVudGVyMmh1bnRlcjI", "Y29ycmVjdGhvcnNl"):
            assert value not in text
    assert actions(desk.deploy(document({**secret, "stringData": {"token": "correcthorse"}}))) == {"key": "unchanged"}


@pytest.mark.proves("definitions-first")
def test_a_definition_and_its_object_come_in_one_push(desk: Desk) -> None:
    """A CRD and an object of its kind may arrive in the same commit."""
    able = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    group = f"{desk.namespace}.example.com"
    boats = document(definition(group))
    boat = {"apiVersion": f"{group}/v1", "kind": "Boat", "metadata": {"name": "one"}, "spec": {"sail": True}}
    try:
        assert set(actions(able.deploy(document(boat) + boats)).values()) == {"created"}
        assert set(actions(able.deploy(document(boat) + boats)).values()) == {"unchanged"}
    finally:
        path = f"{PATH}/boats.{group}"
        desk.cluster.request("DELETE", path)
    until(lambda: desk.cluster.find(path) is None, what="the definition's end")
    changes = able.deploy(config_map("settings"), prune_many=True)  # the inventory still names the kind that is gone
    assert actions(changes) == {"settings": "created"}


def test_what_somebody_changed_by_hand_is_brought_back(desk: Desk) -> None:
    """A field that I declare is mine: a change by hand is undone by the next deployment, which says so."""
    desk.deploy(config_map("settings", colour="red") + deployment())
    desk.write("kubectl-edit", f"/api/v1/namespaces/{desk.namespace}/configmaps/settings", {"data": {"colour": "blue"}})
    changes = desk.deploy(config_map("settings", colour="red") + deployment())
    assert actions(changes) == {"settings": "configured", "web": "unchanged"}
    assert "data.colour taken over from kubectl-edit" in notes(changes.changes, "settings")
    live = desk.get("configmaps", "settings")
    assert live is not None
    assert live["data"] == {"colour": "red"}


def test_what_somebody_added_by_hand_goes_and_what_a_controller_added_stays(desk: Desk) -> None:
    """What runs is what git says: a field that somebody added by hand goes again; a controller's own field stays."""
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings"
    desk.deploy(config_map("settings", colour="red"))
    desk.write("kubectl-edit", path, {"data": {"size": "big"}})
    desk.write("some-operator", path, {"data": {"seen": "yes"}})
    changes = desk.deploy(config_map("settings", colour="red"))
    assert actions(changes) == {"settings": "configured"}
    assert "data.size removed: kubectl-edit added it" in notes(changes.changes, "settings")
    live = desk.get("configmaps", "settings")
    assert live is not None
    assert live["data"] == {"colour": "red", "seen": "yes"}
    assert actions(desk.deploy(config_map("settings", colour="red"))) == {"settings": "unchanged"}


@pytest.mark.proves("pain-24")
def test_replicas_are_left_to_an_autoscaler(desk: Desk) -> None:
    """An autoscaler's replica count survives a deployment, which says that it left it alone."""
    desk.deploy(deployment(replicas=2))
    scale = f"/apis/apps/v1/namespaces/{desk.namespace}/deployments/web/scale"
    desk.write("kube-controller-manager", scale, {"spec": {"replicas": 5}})
    assert actions(desk.deploy(deployment(replicas=2))) == {"web": "unchanged"}
    changes = desk.deploy(deployment(replicas=2, image="nginx:2"))
    assert actions(changes) == {"web": "configured"}
    assert "spec.replicas is left to kube-controller-manager (scale)" in notes(changes.changes, "web")
    live = desk.get("deployments", "web", "/apis/apps/v1")
    assert live is not None
    assert live["spec"]["replicas"] == 5
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:2"


def test_another_tools_field_is_refused_by_name(desk: Desk) -> None:
    """A field that another deployment tool owns is not taken from it; I am told which tool and which field."""
    desk.deploy(config_map("settings", colour="red"))
    desk.write("helm", f"/api/v1/namespaces/{desk.namespace}/configmaps/settings", {"data": {"colour": "blue"}})
    with pytest.raises(ApplyRejected, match=r"remove the field .*settings: data\.colour belongs to helm"):
        desk.apply(config_map("settings", colour="red"))


def test_an_object_that_existed_before_is_adopted(desk: Desk) -> None:
    """An object that kubectl made becomes ours by deploying it, and the deployment says so."""
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings"
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"colour": "blue"}}
    desk.write("kubectl", path, body, APPLY)
    changes = desk.deploy(config_map("settings", colour="red") + "".join(config_map(f"more-{n}") for n in range(6)))
    assert changes.counts.configured == 1
    assert "adopted" in notes(changes.changes, "settings")


@pytest.mark.proves("shared-objects", "pain-4")
def test_an_object_of_another_inventory_is_refused(desk: Desk) -> None:
    """Two repositories cannot deploy the same object."""
    desk.deploy(config_map("settings", colour="red"))
    with pytest.raises(ApplyRejected, match="belongs to another inventory"):
        replace(desk, repository="local/other").deploy(config_map("settings", colour="blue"))


def test_a_worker_that_lost_its_lease_writes_nothing(desk: Desk) -> None:
    """A worker whose lease is gone stops before its next write."""
    cluster, audit = audited(desk.cluster)
    with pytest.raises(LeaseLost):
        replace(desk, cluster=cluster, may_write=lost).deploy(config_map("settings"))
    assert audit.writes == []


@pytest.mark.proves("pain-2")
def test_a_frozen_worker_cannot_write_after_a_takeover(desk: Desk) -> None:
    """After another worker took over, the writes still in a frozen worker's hands all fail."""
    desk.deploy(config_map("settings", colour="red"))
    frozen = desk.plan(config_map("settings", colour="old"))
    take_over(desk.cluster, desk.inventory(), 2, desk.may_write)
    with pytest.raises(LeaseLost):
        desk.apply_plan(frozen)
    assert actions(replace(desk, fence=2).deploy(config_map("settings", colour="new"))) == {"settings": "configured"}
    live = desk.get("configmaps", "settings")
    assert live is not None
    assert live["data"] == {"colour": "new"}
    assert live["metadata"]["annotations"][FENCE] == "2"


@pytest.mark.proves("retry-of-a-conflict")
def test_a_write_in_between_is_read_again(desk: Desk) -> None:
    """An object that changes between plan and apply is applied all the same."""
    desk.deploy(config_map("settings", colour="red"))
    plan = desk.plan(config_map("settings", colour="green") + config_map("other", a="1"))
    desk.write(
        "somebody", f"/api/v1/namespaces/{desk.namespace}/configmaps/settings", {"metadata": {"labels": {"x": "y"}}}
    )
    other = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other"}}
    desk.write("somebody", f"/api/v1/namespaces/{desk.namespace}/configmaps/other", other, APPLY)
    assert set(actions(desk.apply_plan(plan)).values()) == {"configured"}


@pytest.mark.proves("namespaces-created")
def test_namespaces_are_created_when_the_operator_allows_it(desk: Desk) -> None:
    """A missing namespace is created when create_namespaces is set, else I am told who must create it."""
    missing = f"{desk.namespace}-new"
    with pytest.raises(ClusterRefused, match=f"namespace {missing} does not exist: the operator must create it"):
        desk.allowing(namespaces=(missing,), namespace=missing).apply(config_map("settings"))
    able = desk.allowing(namespaces=(missing,), namespace=missing, create_namespaces=True)
    try:
        assert actions(able.deploy(config_map("settings"))) == {"settings": "created"}
        assert able.said == [f"creating namespace {missing}"]
        assert actions(able.deploy(config_map("settings"))) == {"settings": "unchanged"}
    finally:
        desk.cluster.request("DELETE", f"/api/v1/namespaces/{missing}")


@pytest.mark.proves("plan-warnings")
def test_the_api_servers_warnings_are_passed_on(desk: Desk) -> None:
    """What the API server warns about stands beside the object."""
    marks = {"seccomp.security.alpha.kubernetes.io/pod": "runtime/default"}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "lone", "annotations": marks}}
    changes = desk.deploy(document({**pod, "spec": {"containers": [{"name": "a", "image": "a"}]}}))
    (warning,) = changes.changes[0].warnings
    assert warning.topic == "api"
    assert 'use the "seccompProfile" field instead' in warning.sentence


def test_a_refusal_in_the_middle_hides_no_write(desk: Desk) -> None:
    """Two of three objects are written when the cluster refuses the third: the two are told all the same."""
    text = config_map("one", a="1") + config_map("two", a="1") + config_map("Wrong_Name", a="1")
    with pytest.raises(ApplyRejected, match="Wrong_Name"):
        desk.apply(text)
    assert {change.ref.name for change in desk.made} == {"one", "two"}
    assert desk.get("configmaps", "two") is not None
