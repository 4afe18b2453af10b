"""A default that the server filled in once goes when its cause does: what runs is what a fresh apply would give."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from pushboat.config.environment import Environment
from pushboat.errors import LeaseLost
from tests.cluster.comparing import read, wished
from tests.cluster.definitions import definition
from tests.cluster.desk import Desk, actions, config_map, document, notes
from tests.cluster.makers import kubectl
from tests.cluster.old_defaults import KEPT, PAIRS, Body, cron, pods, service, workload
from tests.lines import audited
from tests.sweeping import sweep
from tests.until import until
from workers.cluster.client.connection import Cluster
from workers.cluster.fieldsets import entries_of
from workers.cluster.writing.dry_running import dry_run


@pytest.fixture(scope="module")
def fresh(door: Cluster) -> Iterator[Desk]:
    """A namespace in which each object is made for the first time."""
    name = "fresh-defaults"
    desk = Desk(door, Environment(name="fresh", cluster="dev", namespaces=(name,), namespace=name, path="deploy"))
    yield desk.allowing(create_namespaces=True)
    sweep(door.request, name)


@pytest.mark.proves("stale-defaults")
@pytest.mark.proves("defaults-update-strategy", among=("StatefulSet", "DaemonSet", "a volume", "a probe"))
@pytest.mark.proves("defaults-service-account", among=("DaemonSet", "StatefulSet", "CronJob"))
@pytest.mark.proves("defaults-pull-policy", among=("CronJob", "an init container", "NetworkPolicy"))
@pytest.mark.parametrize("what", PAIRS)
def test_what_runs_is_what_a_fresh_apply_gives(desk: Desk, fresh: Desk, what: str) -> None:
    """The plan shows it, the deployment does it and says so, and the same push again writes nothing."""
    before, now = PAIRS[what]
    desk.deploy(document(before))
    fresh.deploy(document(now), prune_many=True)
    planned = dry_run(desk.cluster, desk.plan(document(now)))
    changes = desk.deploy(document(now))
    live = read(desk, now)
    assert wished(live) == wished(read(fresh, now))
    assert notes(planned.changes, "web") == notes(changes.changes, "web")
    assert planned.changes[0].diff == changes.changes[0].diff
    assert [entry["operation"] for entry in entries_of(live) if entry["manager"] == "pushboat"] == ["Apply"]

    cluster, audit = audited(desk.cluster)
    assert actions(replace(desk, cluster=cluster).deploy(document(now))) == {"web": "unchanged"}
    assert audit.writes == []


@pytest.mark.proves("stale-defaults")
def test_it_is_said_which_default_went(desk: Desk) -> None:
    """I read which field has another value now although no commit names it."""
    before, now = PAIRS["a CronJob's pull policy"]
    desk.deploy(document(before))
    said = notes(desk.deploy(document(now)).changes, "web")
    assert said == ("spec.jobTemplate.spec.template.spec.containers[app].imagePullPolicy: default of before taken back")


@pytest.mark.parametrize("what", KEPT)
def test_what_the_server_handed_out_stays(desk: Desk, what: str) -> None:
    """Addresses, ports, volumes and selectors are not those of a fresh object."""
    before, now, fields = KEPT[what]
    desk.deploy(document(before))
    until(lambda: all(read(desk, before)["spec"].get(name) for name in fields), what="what the server hands out")
    was = read(desk, before)["spec"]
    assert "taken back" not in notes(desk.deploy(document(now)).changes, "web")
    assert {name: read(desk, now)["spec"].get(name) for name in fields} == {name: was.get(name) for name in fields}


@pytest.mark.proves("defaults-update-strategy", among=("a custom resource",))
def test_the_default_of_a_definition_that_changed_comes_with_the_next_change(desk: Desk) -> None:
    """A custom resource gets the default of its CRD's today, not the one of the day when it was made."""
    desk = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    desk.deploy(boats(desk, "calm") + boat(desk, "red"))
    desk.deploy(boats(desk, "wild") + boat(desk, "blue"))
    live = desk.cluster.find(f"/apis/{desk.namespace}.example/v1/namespaces/{desk.namespace}/boats/one")
    assert live is not None
    assert live["spec"] == {"colour": "blue", "mode": "wild", "sails": {"main": "wild", "jib": "mine"}}


def test_a_null_in_git_is_what_it_is_for_a_fresh_object(desk: Desk) -> None:
    """Whoever writes `rollingUpdate: null`, as the server's error suggests, gets that."""
    desk.deploy(document(workload("StatefulSet")))
    now = document(workload("StatefulSet", updateStrategy={"type": "OnDelete", "rollingUpdate": None}))
    desk.deploy(now)
    live = desk.get("statefulsets", "web", "/apis/apps/v1")
    assert live is not None
    assert live["spec"]["updateStrategy"] == {"type": "OnDelete"}
    assert actions(desk.deploy(now)) == {"web": "unchanged"}


def test_a_worker_that_stops_anywhere_leaves_nothing_half_done(desk: Desk) -> None:
    """Whatever a worker was doing when it stopped: the next push, of either commit, ends where it should."""
    before, now = map(document, PAIRS["a Deployment's strategy"])
    ends = []
    for text in (now, before):
        desk.deploy(text)
        ends.append((text, wished(read(desk, PAIRS["a Deployment's strategy"][0]))))
    for at in count(1):
        for text, wanted in ends:
            desk.deploy(before)
            finished = stopped_at(at, desk, now)
            desk.deploy(text)
            assert wished(read(desk, PAIRS["a Deployment's strategy"][0])) == wanted, f"stopped at {at}"
            assert actions(desk.deploy(text)) == {"web": "unchanged"}
        if finished:
            break
    assert at > 2


def test_the_defaults_of_what_is_taken_over_leave_too(desk: Desk, fresh: Desk) -> None:
    """An object that kubectl made is, when it is taken over, what a fresh apply gives; the plan shows just that."""
    kubectl(desk, workload("Deployment", pods({"image": "app", "env": [{"name": "A", "value": "1"}]})))
    now = workload("Deployment", pods({"image": "app:1", "env": [{"name": "B", "value": "1"}]}))
    now["spec"]["strategy"] = {"type": "Recreate"}
    fresh.deploy(document(now), prune_many=True)
    planned = dry_run(desk.cluster, desk.plan(document(now)))
    changes = desk.deploy(document(now))
    assert wished(read(desk, now)) == wished(read(fresh, now))
    assert planned.changes[0].diff == changes.changes[0].diff
    assert "rollingUpdate" in planned.changes[0].diff
    assert actions(desk.deploy(document(now))) == {"web": "unchanged"}


def test_what_a_person_a_controller_or_an_ignore_rule_holds_is_no_default(desk: Desk) -> None:
    """A scaled Deployment keeps its count; only what nobody owns is compared."""
    body = workload("Deployment")
    del body["spec"]["replicas"]
    desk.deploy(document(body))
    path = f"/apis/apps/v1/namespaces/{desk.namespace}/deployments/web/scale"
    desk.write("kube-controller-manager", path, {"spec": {"replicas": 2}})
    changed = deepcopy(body)
    changed["spec"]["template"] = pods({"image": "app:latest"})
    assert "replicas" not in notes(desk.deploy(document(changed)).changes, "web")
    live = desk.get("deployments", "web", "/apis/apps/v1")
    assert live is not None
    assert live["spec"]["replicas"] == 2


@pytest.mark.proves("stale-defaults")
def test_where_no_fresh_object_can_be_tried_that_is_said(desk: Desk) -> None:
    """A taken port, a quota or a webhook that will not be tried holds nothing up."""
    port = [{"port": 80, "nodePort": 30017}]  # below 30086 are those that no service is given by chance
    first, second = service(type="NodePort"), service(type="NodePort", externalTrafficPolicy="Local")
    for each in (first, second):
        each["spec"]["ports"] = port
    desk.deploy(document(first))
    changes = desk.deploy(document(second))
    assert actions(changes) == {"web": "configured"}
    assert "defaults not compared: " in notes(changes.changes, "web")
    assert "already allocated" in notes(changes.changes, "web")


def test_only_what_changes_and_may_have_old_defaults_costs_a_question(desk: Desk) -> None:
    """Creations, unchanged objects and objects without defaults are written as they were before."""
    cluster, audit = audited(desk.cluster)
    counted = replace(desk, cluster=cluster)
    counted.deploy(document(cron(pods())) + config_map("settings", a="1"))
    counted.deploy(document(cron(pods())) + config_map("settings", a="2"))
    assert tried(audit.urls) == []
    counted.deploy(document(cron(pods({"image": "app:2"}))) + config_map("settings", a="2"))
    assert len(tried(audit.urls)) == 1


def stopped_at(at: int, desk: Desk, text: str) -> bool:
    """Deploy until the request of that number; True where the deployment needs fewer."""
    asked = count(1)

    def stops() -> None:
        if next(asked) == at:
            raise LeaseLost("stopped")

    try:
        replace(desk, may_write=stops).deploy(text)
    except LeaseLost:
        return False
    return True


def tried(urls: list[str]) -> list[str]:
    return [url for url in urls if "dryRun" in url]


def boat(desk: Desk, colour: str) -> str:
    body: Body = {"apiVersion": f"{desk.namespace}.example/v1", "kind": "Boat", "metadata": {"name": "one"}}
    return document({**body, "spec": {"colour": colour, "sails": {"jib": "mine"}}})


def boats(desk: Desk, mode: str) -> str:
    text = {"type": "string"}
    chosen = {**text, "default": mode}
    sails: Any = {"type": "object", "properties": {"main": chosen, "jib": text}}
    spec = {"type": "object", "properties": {"colour": text, "mode": chosen, "sails": sails}}
    schema = {"type": "object", "properties": {"spec": spec}}
    return document(definition(f"{desk.namespace}.example", schema=schema))
