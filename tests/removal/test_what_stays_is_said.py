"""Protected, shared, handed over: what a removal leaves is named with its reason, and nothing of others is touched."""

import threading
from dataclasses import replace

import pytest
import yaml

from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from tests.removal.conftest import Site
from tests.store.repository import NAME, deploy, time_passes
from tests.until import until
from tests.waves.conftest import Body, Yard, config_map

OPTIONS = "argocd.argoproj.io/sync-options"
MERGE = "application/merge-patch+json"
PART_OF = "applyset.kubernetes.io/part-of"


@pytest.mark.proves("removal")
def test_what_somebody_protects_stays_and_is_named(site: Site) -> None:
    """Every tool's word keeps its object; a word that only asks for a person's is answered by the name I typed."""
    site.settle()
    kept = {
        "prune-false": {OPTIONS: "Prune=false"},
        "delete-false": {OPTIONS: "Delete=false"},
        "keep": {"helm.sh/resource-policy": "keep"},
        "flux": {"kustomize.toolkit.fluxcd.io/prune": "disabled"},
    }
    asks = {"prune-asks": {OPTIONS: "Prune=confirm"}, "delete-asks": {OPTIONS: "Delete=confirm"}}
    site.yard.push(*(config_map(name, marks) for name, marks in {**kept, **asks}.items()))
    ended = site.destroyed()
    assert ended.state is State.SUCCEEDED, ended.reason
    assert site.stays(ended) == {
        f"ConfigMap/{name}": f"stays: it is annotated {key}: {value}"
        for name, marks in kept.items()
        for key, value in marks.items()
    }
    assert site.gone(ended) == {f"ConfigMap/{name}" for name in asks}
    assert "4 more stay" not in ended.reason
    assert all(f"ConfigMap/{site.yard.namespace}/{name}: " in ended.details for name in kept)
    assert len(site.inventories()) == 1, "they are still ours"
    back = site.yard.push(*(config_map(name, marks) for name, marks in kept.items()))
    assert back.state is State.SUCCEEDED, back.reason
    assert back.counts.unchanged == len(kept)


def test_two_environments_in_one_namespace_do_not_touch_each_other(site: Site) -> None:
    """Destroying staging leaves what production has beside it, and the namespace that both have."""
    yard = with_production(site.yard)
    files = {"deploy/a.yaml": config_map("of-staging"), "production/b.yaml": config_map("of-production")}
    for made in both(yard, pushed(yard, files)):
        assert yard.carry_out(made).state is State.SUCCEEDED
    ended = yard.carry_out(site.asked())
    assert ended.state is State.SUCCEEDED, ended.reason
    assert site.gone(ended) == {"ConfigMap/of-staging"}
    shared = f"stays: environment production of {NAME} has it too"
    assert site.stays(ended) == {f"Namespace/{yard.namespace}": shared}
    assert yard.find("configmaps", "of-production")
    assert len(site.inventories()) == 1


def test_what_is_moving_to_another_environment_stays(site: Site) -> None:
    """I moved a volume's claim from staging's folder to production's, which did not get it yet: it is not deleted."""
    site.settle()
    yard = with_production(site.yard)
    here, there = {"deploy/c.yaml": config_map("moving")}, {"production/c.yaml": config_map("moving")}
    rest = {"deploy/a.yaml": config_map("of-staging"), "production/b.yaml": config_map("of-production")}
    for made in both(yard, pushed(yard, {**rest, **here})):
        assert yard.carry_out(made).state is State.SUCCEEDED
    both(yard, pushed(yard, {**rest, **there}))
    ended = yard.carry_out(site.asked())
    assert ended.state is State.SUCCEEDED, ended.reason
    assert site.gone(ended) == {"ConfigMap/of-staging"}
    assert site.stays(ended) == {"ConfigMap/moving": "stays: environment production has it and takes it over"}
    assert yard.find("configmaps", "moving")


def with_production(yard: Yard) -> Yard:
    """Add an environment that has the same namespace."""
    operator = yard.tools.operator
    limits = operator.projects[NAME].environments["staging"]
    environments = {"staging": limits, "production": replace(limits, environment="production")}
    projects = {NAME: replace(operator.projects[NAME], environments=Allowed(environments))}
    yard.tools = replace(yard.tools, operator=replace(operator, projects=projects))
    return yard


def pushed(yard: Yard, files: dict[str, Body]) -> str:
    """Push these files, and a `.pushboat.yaml` that knows both environments, as the whole repository."""
    said = {name: {"branch": "main", "path": path} for name, path in (("staging", "deploy"), ("production",) * 2)}
    texts = {name: yaml.safe_dump(body) for name, body in {**files, ".pushboat.yaml": {"environments": said}}.items()}
    return str(yard.github.push("acme/shop", "main", texts, deliver=False, replace=True).sha)


def both(yard: Yard, sha: str) -> list[Deployment]:
    """Let a commit lead to a deployment of each environment."""
    return yard.repository.route(deploy(sha), deploy(sha, "production"))


def test_what_became_somebody_elses_is_named_and_left(site: Site) -> None:
    """An object that carries another inventory's label now, or none any more, is not deleted, and I read that."""
    site.settle()
    site.yard.push(config_map("mine"), config_map("theirs"), config_map("nobodys"))
    for name, label in (("theirs", "applyset-of-somebody-v1"), ("nobodys", None)):
        path = f"/api/v1/namespaces/{site.yard.namespace}/configmaps/{name}"
        site.yard.cluster.request("PATCH", path, {"metadata": {"labels": {PART_OF: label}}}, MERGE)
    ended = site.destroyed()
    assert ended.state is State.SUCCEEDED, ended.reason
    assert site.gone(ended) == {"ConfigMap/mine"}
    place = f"ConfigMap/{site.yard.namespace}"
    assert f"{place}/theirs: it belongs to applyset-of-somebody-v1 now" in ended.details
    assert f"{place}/nobodys: somebody took our label off it" in ended.details
    assert site.yard.find("configmaps", "theirs")
    assert site.yard.find("configmaps", "nobodys")
    assert site.inventories() == []


def test_what_is_going_already_is_waited_for(site: Site) -> None:
    """Somebody deleted it before, and its holder takes a moment: it is gone in the end, and named nowhere."""
    site.settle()
    body = config_map("going")
    body["metadata"]["finalizers"] = ["example.com/held"]
    site.yard.push(config_map("a"), body)
    path = f"/api/v1/namespaces/{site.yard.namespace}/configmaps/going"
    site.yard.cluster.request("DELETE", path)

    def let_go() -> None:
        until(lambda: site.yard.find("configmaps", "a") is None, what="the removal to have begun")
        site.yard.cluster.request("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)

    holder = threading.Thread(target=let_go)
    holder.start()
    ended = site.destroyed()
    holder.join()
    assert (ended.state, site.stays(ended)) == (State.SUCCEEDED, {}), ended.reason
    assert site.gone(ended) == {"ConfigMap/a", "ConfigMap/going"}


def test_an_account_that_may_little_destroys_what_it_brought(site: Site) -> None:
    """It may not look for Jobs, namespaces or anything else: what it brought is gone all the same."""
    yard, space = site.yard, f"/namespaces/{site.yard.namespace}"
    site.settle()
    rules = [{"apiGroups": [""], "resources": ["configmaps", "secrets"], "verbs": ["*"]}]
    rbac = "/apis/rbac.authorization.k8s.io/v1"
    yard.cluster.request("POST", f"{rbac}{space}/roles", {"metadata": {"name": "deployer"}, "rules": rules})
    subject = {"kind": "ServiceAccount", "name": "deployer", "namespace": yard.namespace}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer"}
    bound = {"metadata": {"name": "deployer"}, "roleRef": role, "subjects": [subject]}
    yard.cluster.request("POST", f"{rbac}{space}/rolebindings", bound)
    yard.allowing(service_account=f"{yard.namespace}/deployer", create_namespaces=False)
    until(lambda: yard.push(config_map("a")).state is State.SUCCEEDED or None, what="the role to be in force")
    ended = site.destroyed()
    assert (ended.state, site.gone(ended), site.stays(ended)) == (State.SUCCEEDED, {"ConfigMap/a"}, {}), ended.reason
    assert site.inventories() == []


def test_what_an_api_that_is_away_may_hold_is_not_forgotten(site: Site) -> None:
    """A server of some kinds does not answer: the removal waits for it, and forgets nothing that is behind."""
    site.settle()
    site.yard.push(config_map("a"))
    group = f"g{site.yard.namespace[-8:]}.example.com"
    (inventory,) = site.inventories()
    path = f"/api/v1/namespaces/{site.yard.namespace}/secrets/{inventory['metadata']['name']}"
    kinds = {"applyset.kubernetes.io/contains-group-kinds": f"ConfigMap,Boat.{group}"}
    site.yard.cluster.request("PATCH", path, {"metadata": {"annotations": kinds}}, MERGE)
    served = "/apis/apiregistration.k8s.io/v1/apiservices"
    spec = {
        "group": group,
        "version": "v1",
        "service": {"name": "nowhere", "namespace": "default"},
        "groupPriorityMinimum": 1,
        "versionPriority": 1,
        "insecureSkipTLSVerify": True,
    }
    site.yard.cluster.request("POST", served, {"metadata": {"name": f"v1.{group}"}, "spec": spec})
    try:
        until(
            lambda: unavailable(site, f"{served}/v1.{group}"), within=120, what="the API server to know that it is away"
        )
        waits = site.destroyed()
        assert waits.state is State.QUEUED
        assert waits.reason.startswith(f"the API of Boat.{group} does not answer")
        assert site.yard.find("configmaps", "a")
    finally:
        site.yard.cluster.request("DELETE", f"{served}/v1.{group}")

    def goes_on() -> Deployment | None:
        """Let its pause pass; the API server may take a moment to know that nobody asks for that API any more."""
        time_passes(site.yard.tools.store, 60)
        made = site.yard.carry_out(waits)
        return None if made.state is State.QUEUED else made

    ended = until(goes_on, what="the removal to go on")
    assert ended.state is State.SUCCEEDED, ended.reason
    assert site.inventories() == []


def unavailable(site: Site, path: str) -> bool | None:
    """Say whether the API server has found out."""
    conditions = (site.yard.cluster.get(path).get("status") or {}).get("conditions") or ()
    return any((each["type"], each["status"]) == ("Available", "False") for each in conditions) or None


def test_nothing_of_it_is_there_any_more(site: Site) -> None:
    """Destroying what is gone already says so, and is done."""
    site.settle()
    site.yard.push(config_map("a"))
    site.destroyed()
    again = site.destroyed()
    assert (again.state, again.reason) == (State.SUCCEEDED, "destroyed: nothing of it was there any more")
