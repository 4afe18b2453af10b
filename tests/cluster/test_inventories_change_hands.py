"""An environment or a repository gets another name, and goes on with the same objects."""

from dataclasses import replace

import pytest

from pushboat.errors import ApplyRejected, ClusterUnavailable
from tests.cluster.desk import Desk, actions, config_map, deployment, notes
from tests.lines import audited
from tests.sweeping import sweep
from workers.cluster.client.connection import Cluster
from workers.cluster.inventory import Recorded, locate, narrow, parent_of, widen

APP = config_map("settings", a="1") + deployment()


def uid(desk: Desk, plural: str, name: str, api: str = "/api/v1") -> str:
    live = desk.get(plural, name, api)
    assert live is not None
    return str(live["metadata"]["uid"])


def renamed(desk: Desk, name: str, *formerly: str, repository: str = "") -> Desk:
    return replace(desk.allowing(name=name, formerly=formerly), repository=repository or desk.repository)


@pytest.mark.proves("renames")
@pytest.mark.proves("environment-renamed", among=("Deployment",))
def test_a_renamed_environment_goes_on_with_its_objects(desk: Desk) -> None:
    """With `formerly`, the new name finds everything as it stands: only the inventory's own Secret is written."""
    desk.deploy(APP)
    before = uid(desk, "deployments", "web", "/apis/apps/v1")
    cluster, audit = audited(desk.cluster)
    stage = replace(renamed(desk, "stage", "staging"), cluster=cluster)
    assert set(actions(stage.deploy(APP)).values()) == {"unchanged"}
    assert [each.rpartition("/")[2] for each in audit.writes] == [desk.parent.name]
    assert uid(desk, "deployments", "web", "/apis/apps/v1") == before
    assert renamed(desk, "stage").inventory().owner.environment == "stage"


def test_the_line_may_go_after_the_first_deployment(desk: Desk) -> None:
    """Once the inventory was handed over, nobody needs to be told of the earlier name again; pruning still works."""
    desk.deploy(APP)
    renamed(desk, "stage", "staging").deploy(APP)
    later = renamed(desk, "stage")
    assert actions(later.deploy(config_map("settings", a="1"))) == {"settings": "unchanged", "web": "deleted"}


@pytest.mark.proves("renames")
@pytest.mark.proves("repository-renamed", among=("with its environment at once",))
def test_a_renamed_repository_goes_on_with_its_objects(desk: Desk) -> None:
    """The repository and the environment may change their names at once."""
    desk.deploy(APP)
    other = renamed(desk, "live", "local/shop:staging", repository="local/store")
    assert set(actions(other.deploy(APP)).values()) == {"unchanged"}
    assert other.inventory().owner.repository == "local/store"


@pytest.mark.proves("repository-renamed", among=("other letters",))
def test_a_name_in_other_letters_is_the_same_repository(desk: Desk) -> None:
    """Where the forge does not tell letters apart, the operator may spell the repository as she likes."""
    replace(desk, repository="github/acme/shop").deploy(APP)
    environment = desk.environment
    found = locate(desk.cluster, "github/Acme/Shop", environment, str.lower)
    assert found.exists
    assert found.owner.repository == "github/Acme/Shop"
    assert not locate(desk.cluster, "github/Acme/Shop", environment).exists, "plain git tells them apart"


@pytest.mark.proves("renames")
def test_without_the_line_a_renamed_environment_is_told_what_to_write(desk: Desk) -> None:
    """Nothing is written, and the sentence begins with the line to add."""
    desk.deploy(APP)
    cluster, audit = audited(desk.cluster)
    with pytest.raises(ApplyRejected, match=r"^add `formerly: \[staging\]` to environment stage in pushboat.yaml"):
        replace(renamed(desk, "stage"), cluster=cluster).deploy(APP)
    assert audit.writes == []


def test_without_the_line_a_renamed_repository_is_told_what_to_write(desk: Desk) -> None:
    """The line names the repository that it was."""
    desk.deploy(APP)
    with pytest.raises(ApplyRejected, match=r"^add `formerly: \[local/shop:staging\]` to environment staging"):
        replace(desk, repository="local/store").deploy(APP)


@pytest.mark.proves("environment-renamed", among=("the old name used again",))
def test_a_name_may_be_used_again(desk: Desk) -> None:
    """A new environment under the old name gets an inventory of its own beside the one that went on as another."""
    desk.deploy(APP)
    renamed(desk, "stage", "staging").deploy(APP)
    assert actions(desk.deploy(config_map("other"))) == {"other": "created"}
    assert desk.inventory().parent.name != desk.parent.name
    assert desk.inventory().kinds == {"ConfigMap"}
    assert actions(renamed(desk, "stage").deploy(config_map("settings", a="1")))["web"] == "deleted"
    assert desk.get("configmaps", "other") is not None


def test_a_worker_of_the_old_name_writes_nothing_after_the_hand_over(desk: Desk) -> None:
    """Whoever still has a plan of yesterday's owner finds the inventory gone."""
    desk.deploy(APP)
    plan = desk.plan(APP + config_map("more"))
    renamed(desk, "stage", "staging").deploy(APP)
    with pytest.raises(ClusterUnavailable, match="handed over to local/shop:stage meanwhile"):
        widen(desk.cluster, replace(plan.inventory, kinds=frozenset()), plan.covered, 1, desk.may_write)


@pytest.mark.proves("inventory")
def test_the_parent_says_what_was_deployed(desk: Desk) -> None:
    """Whoever loses the store finds repository, environment, commit and deployment in the cluster."""
    desk.deploy(APP)
    inventory = desk.inventory()
    narrow(desk.cluster, inventory, desk.plan(APP).covered, 1, desk.may_write, Recorded(sha="1a2b3c4", release="17"))
    assert desk.inventory().recorded == Recorded(sha="1a2b3c4", release="17")
    desk.deploy(APP + config_map("more"))
    assert desk.inventory().recorded.sha == "1a2b3c4", "what is applied and not yet healthy is not what was deployed"
    parent = desk.get("secrets", parent_of("local/shop", desk.environment).name)
    assert parent is not None
    marks = parent["metadata"]["annotations"]
    assert (marks["pushboat.dev/repository"], marks["pushboat.dev/environment"]) == ("local/shop", "staging")


def test_what_an_earlier_name_adopted_is_said_in_the_plan(desk: Desk) -> None:
    """An inventory that went on has no strangers in it: the first plan under the new name says nothing of adoption."""
    desk.deploy(APP)
    changes = renamed(desk, "stage", "staging").deploy(config_map("settings", a="2") + deployment())
    assert "adopted" not in notes(changes.changes, "settings")


@pytest.mark.proves("environment-renamed", among=("the inventory's namespace",))
def test_an_inventory_in_a_namespace_that_was_taken_away_is_found(desk: Desk, door: Cluster) -> None:
    """The operator takes the namespace of the inventory out of the list: the sentence says which one to put back."""
    second = f"{desk.namespace}-b"
    desk = desk.allowing(namespaces=(desk.namespace, second), namespace=second, create_namespaces=True)
    try:
        desk.deploy(config_map("settings"))
        without = desk.allowing(namespaces=(second,))
        with pytest.raises(ApplyRejected, match=f"^put {desk.environment.namespaces[0]} back among the namespaces of"):
            without.deploy(config_map("settings"))
        back = desk.allowing(namespaces=(second, desk.environment.namespaces[0]))
        assert actions(back.deploy(config_map("settings"))) == {"settings": "unchanged"}
    finally:
        sweep(door.request, second)
