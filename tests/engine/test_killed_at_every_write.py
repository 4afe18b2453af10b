"""kill -9 before and after every write of a deployment: the next turn ends it as if nothing had been."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.comparing import differences, state
from tests.cluster.desk import Desk, actions
from tests.engine.conftest import Desks
from tests.engine.dying import Death, dies, fork_server
from tests.lines import audited
from workers.cluster.writing.shutting_out import take_over

SAMPLED = (1, 12, 28, 31)
TOO_MANY = 200


def objects(version: str, names: range) -> list[dict[str, Any]]:
    """Write objects of several kinds, three for each number."""
    bodies: list[dict[str, Any]] = []
    for number in names:
        labels = {"app": f"web-{number}"}
        containers = [{"name": "app", "image": f"registry.example/web:{version}"}]
        pods = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
        name = {"name": f"web-{number}"}
        bodies += [
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": name, "data": {"version": version}},
            {"apiVersion": "v1", "kind": "Service", "metadata": name, "spec": {"ports": [{"port": int(version)}]}},
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": name,
                "spec": {"replicas": 0, "selector": {"matchLabels": labels}, "template": pods},
            },
        ]
    return bodies


def job(version: str) -> dict[str, Any]:
    """Write a Job, whose pods cannot change: another version is another Job."""
    pod = {"restartPolicy": "Never", "containers": [{"name": "app", "image": f"registry.example/job:{version}"}]}
    spec = {"suspend": True, "template": {"spec": pod}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "web-job"}, "spec": spec}


def written(bodies: list[dict[str, Any]]) -> str:
    """Write them as YAML."""
    return "---\n".join(yaml.safe_dump(body) for body in bodies)


BEFORE = written([*objects("1", range(7)), job("1")])
AFTER = written([*objects("1", range(2)), *objects("2", range(2, 5)), *objects("2", range(7, 12)), job("2")])
"""Six objects stay, nine change, fifteen come, six go, and one is recreated."""
RECREATED = "jobs/web-job"


def uids(desk: Desk) -> dict[str, str]:
    """Give who is who, but for what the cluster itself puts into a namespace when it has time."""
    found = {}
    for place in (
        "/api/v1/{}/configmaps",
        "/api/v1/{}/services",
        "/apis/apps/v1/{}/deployments",
        "/apis/batch/v1/{}/jobs",
    ):
        items = desk.cluster.request("GET", place.format(f"namespaces/{desk.namespace}")).data["items"]
        found.update({f"{place.rpartition('/')[2]}/{i['metadata']['name']}": i["metadata"]["uid"] for i in items})
    found.pop("configmaps/kube-root-ca.crt", None)
    return found


def is_survived(desks: Desks, kubeconfig: Path, death: Death) -> bool:
    """Die, take over, and look: the right end, nobody orphaned, nobody made twice. False where nobody died."""
    desk, fresh = (each().allowing(recreate=("Job",)) for each in (desks, desks))
    desk.deploy(BEFORE)
    first = uids(desk)
    died = dies(fork_server(), replace(desk, fence=2), kubeconfig, AFTER, death)
    between = uids(desk)
    cluster, audit = audited(desk.cluster)
    heir = replace(desk, fence=3, cluster=cluster)
    take_over(heir.cluster, heir.inventory(), heir.fence, heir.may_write)
    heir.deploy(AFTER, prune_many=True)
    fresh.deploy(AFTER)

    ends = [state(each.cluster, each.namespace, each.parent.id) for each in (desk, fresh)]
    assert differences(*ends) == [], str(death)
    last = uids(desk)
    assert all("web" in name for name in last)
    assert set(last) == set(uids(fresh)), f"{death}: somebody was orphaned"
    kept = {name: uid for name, uid in {**first, **between}.items() if name in last and uid != first.get(RECREATED)}
    assert all(last[name] == uid for name, uid in kept.items()), f"{death}: made twice"
    assert last[RECREATED] != first[RECREATED], f"{death}: not recreated"
    assert len(audit.deleted) == len(set(audit.deleted)), f"{death}: deleted twice"
    assert set(actions(desk.deploy(AFTER)).values()) == {"unchanged"}
    return died


@pytest.mark.proves("prune-crash")
@pytest.mark.parametrize("at", SAMPLED)
def test_a_death_at_a_write_is_survived(desks: Desks, kubeconfig: Path, at: int) -> None:
    """At writes of each part: the inventory, objects that change, come and go, the inventory again."""
    assert is_survived(desks, kubeconfig, Death(at=at, after=bool(at % 2))), "nobody died"


@pytest.mark.proves("prune-crash")
@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_a_death_at_every_write_is_survived(desks: Desks, kubeconfig: Path) -> None:
    """Before and after each of them."""
    for at in range(1, TOO_MANY):
        before = is_survived(desks, kubeconfig, Death(at=at, after=False))
        if not is_survived(desks, kubeconfig, Death(at=at, after=True)) or not before:
            break
    assert at > max(SAMPLED)
