"""Who waits for whom among the objects of one push, by every tool's way of saying so; and what nobody waits for."""

from pushboat.model.state import State
from tests.waves.conftest import Yard, config_map, job

DEPENDS, KAPP, WERF = "config.kubernetes.io/depends-on", "kapp.k14s.io", "werf.io"


def test_an_object_comes_after_those_that_it_waits_for(yard: Yard) -> None:
    """Of each pair the second one is written when the first one is there; their names say nothing of it."""
    space = yard.namespace
    before = [
        config_map("z-cli"),
        config_map("z-group", {f"{KAPP}/change-group": "db"}),
        config_map("z-before", {f"{KAPP}/change-rule.x": "upsert before upserting ConfigMap-late"}),
        config_map("z-state"),
        config_map("z-named"),
        config_map("z-light", {f"{WERF}/weight": "-10"}),
    ]
    after = [
        config_map("a-cli", {DEPENDS: f"/namespaces/{space}/ConfigMap/z-cli"}),
        config_map("a-group", {f"{KAPP}/change-rule": "upsert after upserting db"}),
        config_map("a-before", {f"{KAPP}/change-group.two": "{kind}-late"}),
        config_map("a-state", {f"{WERF}/deploy-dependency-db": "state=present,kind=ConfigMap,name=z-state"}),
        config_map("a-named", {"db.dependency.werf.io": f"v1:ConfigMap:{space}:z-named"}),
        config_map("a-light", {f"{WERF}/weight": "10"}),
    ]
    ended = yard.push(*after, *before)
    assert ended.state is State.SUCCEEDED, ended.reason
    for one, other in zip(before, after, strict=True):
        names = one["metadata"]["name"], other["metadata"]["name"]
        assert yard.order(*names) == list(names)


def test_an_object_may_wait_for_one_outside_of_namespaces(yard: Yard) -> None:
    """`depends-on` names a ClusterRole by group, kind and name alone; its own wave would come later."""
    yard.allowing(cluster_scoped=("ClusterRole", "Namespace"))
    group, name = "rbac.authorization.k8s.io", f"{yard.namespace}-reader"
    role = {"apiVersion": f"{group}/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": []}
    try:
        ended = yard.push(config_map("a", {DEPENDS: f"{group}/ClusterRole/{name}"}), role)
        assert ended.state is State.SUCCEEDED, ended.reason
        first, second = yard.cluster.get(f"/apis/{group}/v1/clusterroles/{name}"), yard.find("configmaps", "a")
        assert second is not None
        assert int(first["metadata"]["resourceVersion"]) < int(second["metadata"]["resourceVersion"])
        assert f"wave 2 of 2: 1 object (ConfigMap/{yard.namespace}/a)" in yard.said(ended)
    finally:
        yard.cluster.request("DELETE", f"/apis/{group}/v1/clusterroles/{name}")


def test_a_dependency_is_healthy_before_what_waits_for_it(yard: Yard) -> None:
    """`state=ready` is a Job that has ended, not one that is only there."""
    slow = job("slow", {}, does={"completes-after": "2s"})
    waits = config_map("a", {f"{WERF}/deploy-dependency-db": "state=ready,kind=Job,name=slow"})
    ended = yard.push(waits, slow)
    assert ended.state is State.SUCCEEDED, ended.reason
    done, waited = yard.job("slow"), yard.find("configmaps", "a")
    assert done is not None
    assert waited is not None
    met = next(each for each in done["status"]["conditions"] if each["type"] == "SuccessCriteriaMet")
    assert waited["metadata"]["creationTimestamp"] >= met["lastTransitionTime"]


def test_what_nobody_waits_for_holds_nothing_up(yard: Yard) -> None:
    """A Job that never ends keeps neither its wave nor the deployment from going on, where it says so."""
    yard.wait = "5s"
    marks = [
        {"argocd.argoproj.io/ignore-healthcheck": "true"}, {f"{KAPP}/disable-wait": ""},
        {f"{WERF}/track-termination-mode": "NonBlocking"}, {f"{WERF}/fail-mode": "IgnoreAndContinueDeployProcess"},
    ]  # fmt: skip
    endless = [job(f"endless-{n}", each, does={"completes-after": "10m"}) for n, each in enumerate(marks)]
    ended = yard.push(*endless, config_map("a", {"argocd.argoproj.io/sync-wave": "1"}))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.find("configmaps", "a") is not None
