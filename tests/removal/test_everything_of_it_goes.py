"""`pushboat destroy` leaves nothing of ours, and takes nothing of others."""

import pytest
import yaml

from pushboat.model.state import State
from pushboat.store import progress_lines
from tests.removal.conftest import Site
from tests.waves.conftest import config_map, job
from tests.written import deployment


@pytest.mark.proves("removal")
def test_an_environment_leaves_nothing_behind(site: Site) -> None:
    """Everything that I deployed is gone, with what hooks left, the namespace made for it, and the inventory."""
    web = yaml.safe_load(deployment())
    hook = job("migrate", {"argocd.argoproj.io/hook": "PreSync"})
    assert site.yard.push(config_map("a"), config_map("b"), web, hook).state is State.SUCCEEDED
    assert site.yard.job("migrate")
    ended = site.destroyed()
    assert ended.state is State.SUCCEEDED, ended.reason
    assert ended.reason == "destroyed: 4 objects deleted"
    assert site.gone(ended) == {"ConfigMap/a", "ConfigMap/b", "Deployment/web", f"Namespace/{site.yard.namespace}"}
    assert site.namespace() is None
    told = [line.text for line in progress_lines.listed(site.yard.tools.store, ended.id)]
    space = f"Namespace/{site.yard.namespace}"
    assert [line for line in told if space in line and "/" not in line.partition(space)[2]] == [
        f"{space}, made for it, goes last, unless something else is in it by then",
        f"{space} is gone",
    ], told


@pytest.mark.proves("removal")
def test_what_is_not_ours_stays_and_so_does_its_namespace(site: Site) -> None:
    """Somebody's ConfigMap keeps the namespace, and I read that; mine is gone, and the inventory with it."""
    site.yard.push(config_map("a"))
    path = f"/api/v1/namespaces/{site.yard.namespace}/configmaps"
    site.yard.cluster.request("POST", path, {"metadata": {"name": "theirs"}})
    ended = site.destroyed()
    assert ended.state is State.SUCCEEDED, ended.reason
    assert site.yard.cluster.names(site.yard.namespace) - {"kube-root-ca.crt"} == {"theirs"}
    why = f"stays: what is in it would go with it: ConfigMap/{site.yard.namespace}/theirs"
    assert site.stays(ended) == {f"Namespace/{site.yard.namespace}": why}
    assert site.inventories() == []
    events = site.yard.cluster.get(f"/api/v1/namespaces/{site.yard.namespace}/events")["items"]
    told = [each["message"] for each in events if each["reason"] == "Removed"]
    assert [each.partition("destroyed: ")[2] for each in told] == [ended.reason.partition("destroyed: ")[2]]
