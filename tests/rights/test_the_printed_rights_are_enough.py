"""With exactly the rights that `pushboat rbac` prints, everything works; and every one of them is used."""

from dataclasses import replace

import pytest
import yaml

from pushboat.model.changeset import Action
from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind, State, Trigger
from pushboat.store import change_sets
from tests.engine_room.drifting import Watched
from tests.rights.granting import Confined, applied, confined, grant, kinds
from tests.store.repository import NAME, deploy
from tests.until import until
from tests.written import config_map, deployment, repository_file
from workers.checks.granted import ask
from workers.cluster.client.connection import Cluster
from workers.cluster.examining import examine
from workers.cluster.explaining.claims import claim_that_waits
from workers.cluster.rights import Right, needs
from workers.questions import logs

FILE = repository_file(wait="20s")
DOES_WITHOUT = ("/secrets", "/jobs")
"""Lists of which it is written down, where they are asked for, that who may not see them had nothing there."""
BY_CLAIM = {
    "metadata": {"name": "waits", "namespace": ""},
    "spec": {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]},
}


def service(**more: str) -> str:
    """Write a Service for the Deployment of these tests."""
    spec = {"selector": {"app": "web"}, "ports": [{"port": 80}], **more}
    return yaml.safe_dump({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec})


def uncounted(manifest: str) -> str:
    """Leave the number of replicas to somebody else."""
    return "".join(line for line in manifest.splitlines(keepends=True) if "replicas" not in line)


def released(here: Confined, *manifests: str) -> Deployment:
    """Push and deploy, with the notes of it kept."""
    return here.watched.release(*manifests, file=FILE)


def test_an_account_with_the_printed_rights_does_everything(watched: Watched) -> None:
    """It deploys, waits, prunes, says why, rolls back, finds drift and shows logs; nothing that it asks is forbidden
    but the list of all Secrets, and no right is there for nothing."""
    here = confined(watched, "ConfigMap", "Service", "Deployment")
    first = released(here, config_map("a", v="1"), config_map("b", v="1"), service(), deployment())
    assert first.state is State.SUCCEEDED, first.reason
    second = released(here, config_map("a", v="2"), uncounted(deployment(image="registry.example/web:2")))
    assert second.state is State.SUCCEEDED, second.reason
    pruned = {each.ref.name for each in change_sets.listed(watched.store, second.id) if each.action is Action.DELETED}
    assert pruned == {"b", "web"}
    refs = logs.newest_objects(watched.store, "github/acme/shop", "staging")
    told = logs.page(watched.tools.clusters.of(here.limits), refs)
    assert told.form
    assert watched.come_round().found == ()
    watched.edit("/api/v1/namespaces/$NS/configmaps/a", {"data": {"v": "9"}})
    assert [one.ref.name for one in watched.come_round().found] == ["a"]
    crashing = deployment(image="registry.example/web:3", behaviour="crash-loop")
    crashed = released(here, config_map("a", v="2"), crashing, service(type="LoadBalancer"))
    assert crashed.state is State.FAILED
    assert "could not be read" not in crashed.details
    cluster = watched.tools.clusters.of(here.limits)
    looks_at_a_claim(cluster, watched.namespace)
    assert "CrashLoopBackOff" in why_a_pod_fails(cluster, watched)
    back = watched.repository.route(deploy(second.sha, trigger=Trigger.ROLLBACK, release=1))[0]
    assert watched.carried_out(back).state is State.SUCCEEDED
    gone = watched.repository.route(deploy(first.sha, kind=Kind.REMOVAL, trigger=Trigger.COMMAND))[0]
    ended = watched.carried_out(gone)
    assert ended.state is State.SUCCEEDED, ended.reason
    tried = watched.carried_out(watched.repository.route(deploy(first.sha, kind=Kind.PLAN))[0])
    assert tried.state is State.SUCCEEDED, tried.reason
    assert {each for each in here.recorded.forbidden if not each.endswith(DOES_WITHOUT)} == set()
    assert here.unused(here.needs.all) == []


def looks_at_a_claim(cluster: Cluster, namespace: str) -> None:
    """Say what a pod without a volume waits for: the simulated nodes bind every pod, so none of theirs waits."""
    pod = {**BY_CLAIM, "metadata": {"name": "waits", "namespace": namespace}}
    assert claim_that_waits(cluster, pod) == "PersistentVolumeClaim data is not there"


def why_a_pod_fails(cluster: Cluster, watched: Watched) -> str:
    """Ask `pushboat why` of the newest pod."""
    pods = watched.cluster.get(f"/api/v1/namespaces/{watched.namespace}/pods")["items"]
    newest = max(pods, key=lambda pod: str(pod["metadata"]["creationTimestamp"]))
    return str(examine(cluster, "pod", newest["metadata"]["name"], watched.namespace).finding)


@pytest.mark.proof
def test_without_one_of_them_something_fails(watched: Watched) -> None:
    """Whichever right is taken away, the doctor names it; and a deployment, a prune or a reason misses it."""
    here = confined(watched, "ConfigMap", "Deployment")
    assert released(here, config_map("a", v="1"), config_map("b", v="1"), deployment()).state is State.SUCCEEDED
    space = watched.namespace
    without(here, Right(space, "", "configmaps", "", "patch"))
    refused = released(here, config_map("a", v="2"), config_map("b", v="1"), deployment())
    assert refused.state is not State.SUCCEEDED
    assert "may not patch configmaps" in refused.reason
    without(here, Right(space, "", "configmaps", "", "delete"))
    kept = released(here, config_map("a", v="3"), deployment())
    stays = [each for each in change_sets.listed(watched.store, kept.id) if each.ref.name == "b"]
    assert [each.action for each in stays] == [Action.UNCHANGED], kept.reason
    assert "may not delete configmaps" in stays[0].notes[0]
    crashing = deployment(image="registry.example/web:3", behaviour="crash-loop")
    for taken, said in ((("pods/log", "get"), "pods/log"), (("events", "list"), "list of events")):
        without(here, Right(space, "", taken[0], "", taken[1]))
        crashed = released(here, config_map("a", v=said), crashing)
        assert crashed.state is State.FAILED
        assert f"grant {'get of ' * (taken[1] == 'get')}{said}" in crashed.details


def without(here: Confined, right: Right) -> None:
    """Take one right away."""
    assert right in here.needs.all
    here.have_only(replace(here.needs, must=here.needs.must - {right}, sees=here.needs.sees - {right}))


@pytest.mark.proof
def test_namespaces_are_created_by_who_may_create_just_these(watched: Watched) -> None:
    """With create_namespaces, a ClusterRole gives these names and no others, and the deployment makes the namespace."""
    here = confined(watched, "ConfigMap")
    limits = replace(here.limits, namespaces=(watched.namespace, f"{watched.namespace}-more"), create_namespaces=True)
    needed = needs(NAME, limits, kinds(limits.namespaces, "ConfigMap"))
    outside = {each for each in needed.all if not each.namespace}
    assert {each.name for each in outside} == {*limits.namespaces}
    assert {each.verb for each in outside} == {"get", "create", "patch", "delete"}
    applied(watched.cluster, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": limits.namespaces[1]}})
    grant(watched.cluster, limits, needed)
    until(lambda: not ask(here.speaker(), needed.all).missing)
    assert ask(here.speaker(), [Right("", "", "namespaces", "others", "create")]).missing
    watched.cluster.request("DELETE", f"/api/v1/namespaces/{limits.namespaces[1]}")
    watched.allowing(namespaces=limits.namespaces, create_namespaces=True)
    made = released(here, config_map("a", v="1"))
    assert made.state is State.SUCCEEDED, made.reason
