"""What is being deleted is not there: it is waited for and created again, or whoever holds it is named."""

import threading
from collections.abc import Callable, Iterator

import pytest

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from tests.cluster.definitions import PATH, definition
from tests.cluster.desk import Desk, actions, config_map, deployment, document, notes
from tests.cluster.test_what_stays_is_named import ACCOUNT, HELD, HOLD, RELEASE
from tests.until import until
from workers.cluster.client.connection import Cluster
from workers.cluster.objects import is_going
from workers.cluster.planning.words import Plan
from workers.cluster.writing.dry_running import dry_run
from workers.cluster.writing.giving_room import give_room

API = {"deployments": "/apis/apps/v1"}
WAY_BACK = {**HELD, "deployments": deployment("gone")}


def path_of(desk: Desk, plural: str) -> str:
    return f"{API.get(plural, '/api/v1')}/namespaces/{desk.namespace}/{plural}/gone"


def held(desk: Desk, plural: str) -> str:
    """Let an object be deleted while somebody's finalizer holds it; give its uid."""
    desk.deploy(WAY_BACK[plural])
    path = path_of(desk, plural)
    desk.write("holder", path, HOLD)
    desk.cluster.request("DELETE", path)
    live = desk.cluster.find(path)
    assert live is not None
    return str(live["metadata"]["uid"])


@pytest.mark.proves("what-is-going")
@pytest.mark.proves("deleted-but-still-there", among=("Secret", "Service", "ServiceAccount", "Deployment"))
@pytest.mark.parametrize("plural", WAY_BACK)
def test_it_is_created_again_as_soon_as_it_is_gone(desk: Desk, plural: str) -> None:
    """My revert waits for the finalizer to be taken off; then the object is a new one, and stays."""
    uid = held(desk, plural)
    plan = desk.plan(WAY_BACK[plural])
    release = threading.Thread(target=lambda: desk.write("holder", path_of(desk, plural), RELEASE))
    waiting = threading.Event()
    seen: list[str] = []

    def say(text: str) -> None:
        seen.append(text)
        if not waiting.is_set():
            waiting.set()
            release.start()

    desk.said = Saying(say)  # type: ignore[assignment]  # a list that tells
    changes = desk.apply_plan(plan)
    release.join()
    assert actions(changes) == {"gone": "created"}
    assert any("to be gone" in text for text in seen)
    live = desk.cluster.find(path_of(desk, plural))
    assert live is not None
    assert live["metadata"]["uid"] != uid
    assert "deletionTimestamp" not in live["metadata"]


class Saying(list[str]):
    """A notebook that somebody reads along."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self._say = say

    def append(self, text: str) -> None:
        super().append(text)
        self._say(text)


@pytest.mark.proves("what-is-going")
def test_who_holds_it_is_named(desk: Desk) -> None:
    """A finalizer that stays is red in the end, and the sentence names it and the way out."""
    held(desk, "configmaps")
    (step,) = desk.plan(WAY_BACK["configmaps"]).steps
    with pytest.raises(ApplyRejected, match=r"^have its finalizers taken off .* still being deleted: finalizer exam"):
        give_room(desk.cluster, [step], desk.may_write, desk.said.append, within=0.3)
    desk.write("holder", path_of(desk, "configmaps"), RELEASE)


def test_a_plan_says_that_it_was_not_tried(desk: Desk) -> None:
    """Merging would create it again; today's corpse is no place to try that."""
    held(desk, "secrets")
    changes = dry_run(desk.cluster, desk.plan(WAY_BACK["secrets"]))
    assert changes.counts.created == 1
    assert "not tried: the one of before is still being deleted: finalizer exam" in notes(changes.changes, "gone")
    desk.write("holder", path_of(desk, "secrets"), RELEASE)


def test_a_strangers_object_that_is_going_is_not_adopted(desk: Desk) -> None:
    """Somebody else's namesake on its way out is waited for as well."""
    path = path_of(desk, "configmaps")
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "gone", **HOLD["metadata"]}}
    desk.write("somebody", path, body, "application/apply-patch+yaml")
    desk.cluster.request("DELETE", path)
    (step,) = desk.plan(WAY_BACK["configmaps"]).steps
    assert step.action.value == "created"
    assert step.going is not None
    desk.write("holder", path, RELEASE)


@pytest.fixture
def sailing(desk: Desk, door: Cluster) -> Iterator[Desk]:
    """An environment that may bring a kind of its own, which leaves with the test."""
    yield desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    path = f"{PATH}/boats.{desk.namespace}.example"
    if door.find(path):
        door.request("DELETE", path)


@pytest.mark.proves("what-is-going")
@pytest.mark.proves("deleted-but-still-there", among=("a custom resource", "its definition"))
@pytest.mark.parametrize("is_held", [False, True], ids=["free", "held"])
def test_objects_of_a_definition_that_is_being_deleted_are_created_again(sailing: Desk, *, is_held: bool) -> None:
    """Somebody deleted my CRD, and its objects are still there for a moment: my push brings both back."""
    group = f"{sailing.namespace}.example"
    boat = {"apiVersion": f"{group}/v1", "kind": "Boat", "metadata": {"name": "one"}}
    text = document(definition(group)) + document(boat)
    sailing.deploy(text)
    path = f"/apis/{group}/v1/namespaces/{sailing.namespace}/boats/one"
    if is_held:
        sailing.write("holder", path, HOLD)
    sailing.cluster.request("DELETE", f"{PATH}/boats.{group}")
    plan = sailing.plan(text)
    assert {step.action.value for step in plan.steps} == {"created"}
    if is_held:
        sailing.write("holder", path, RELEASE)
    assert set(actions(sailing.apply_plan(plan)).values()) == {"created"}
    assert sailing.cluster.find(path) is not None
    assert set(actions(sailing.deploy(text)).values()) == {"unchanged"}


def applied(desk: Desk, plan: Plan, text: str) -> dict[str, str]:
    """Apply a plan; plan and apply again, as a worker does, where the cluster only takes longer."""

    def once_more() -> dict[str, str] | None:
        try:
            return actions(desk.deploy(text))
        except ClusterUnavailable:
            return None

    try:
        return actions(desk.apply_plan(plan))
    except ClusterUnavailable:
        return until(once_more, what="the cluster to make room")


def going(desk: Desk) -> bool:
    """Say whether all is gone or on its way."""
    account = desk.get("serviceaccounts", "gone")
    return bool(account and is_going(account)) and desk.get("configmaps", "settings") is None


@pytest.fixture
def ending(desk: Desk, door: Cluster) -> Iterator[Desk]:
    """An environment in a second namespace, which is being deleted and held by an object in it."""
    name = f"{desk.namespace}-b"
    there = desk.allowing(namespaces=(name,), namespace=name, create_namespaces=True)
    there.deploy(ACCOUNT + config_map("settings"))
    there.write("holder", f"/api/v1/namespaces/{name}/serviceaccounts/gone", HOLD)
    door.request("DELETE", f"/api/v1/namespaces/{name}")
    until(lambda: going(there), what="the namespace's content to go")
    yield there
    account = f"/api/v1/namespaces/{name}/serviceaccounts/gone"
    if door.find(account):
        there.write("holder", account, RELEASE)
    if door.find(f"/api/v1/namespaces/{name}"):
        door.request("DELETE", f"/api/v1/namespaces/{name}")


@pytest.mark.proves("what-is-going")
@pytest.mark.proves("deleted-but-still-there", among=("Namespace",))
def test_a_namespace_that_is_being_deleted_is_created_again(ending: Desk) -> None:
    """Somebody deleted my namespace; my push waits for its end and brings everything back, inventory included.

    Without `create_namespaces` its operator must act, and hears that it is being deleted.
    """
    with pytest.raises(ClusterRefused, match=r"is being deleted: the operator must create it"):
        ending.allowing(create_namespaces=False).plan(config_map("settings"))
    plan = ending.plan(ACCOUNT + config_map("settings"))
    assert plan.ending_namespaces == {ending.namespace}
    assert not plan.inventory.exists
    ending.write("holder", f"/api/v1/namespaces/{ending.namespace}/serviceaccounts/gone", RELEASE)
    assert set(applied(ending, plan, ACCOUNT + config_map("settings")).values()) == {"created"}
    assert ending.get("configmaps", "settings") is not None
    assert ending.inventory().kinds == {"ConfigMap", "ServiceAccount"}


@pytest.mark.proves("what-is-going")
def test_who_keeps_a_namespace_is_named(ending: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A namespace that does not go: I read what is left in it and which finalizer, and that somebody must let it go."""
    monkeypatch.setattr("workers.cluster.writing.giving_room.NAMESPACE_GONE_WITHIN", 0.3)
    until(lambda: "exam" in str(ending.cluster.find(f"/api/v1/namespaces/{ending.namespace}")), what="its conditions")
    with pytest.raises(ClusterUnavailable) as away:
        ending.apply(config_map("settings"))
    assert away.value.summary.startswith(f"namespace {ending.namespace} is still being deleted: ")
    assert "example.com/hold" in away.value.summary
    assert away.value.summary.endswith("whoever keeps it there must let it go")


def test_a_namespace_of_the_push_itself_is_created_again(ending: Desk) -> None:
    """The namespace is an object of my push, and somebody deleted it: it is waited for, and its labels are back."""
    able = ending.allowing(create_namespaces=False, cluster_scoped=("Namespace",))
    name = ending.namespace
    whole = document({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"a": "b"}}})
    plan = able.plan(whole + config_map("settings"))
    ending.write("holder", f"/api/v1/namespaces/{name}/serviceaccounts/gone", RELEASE)
    applied(able, plan, whole + config_map("settings"))
    live = ending.cluster.find(f"/api/v1/namespaces/{name}")
    assert live is not None
    assert live["metadata"]["labels"]["a"] == "b"
    assert ending.get("configmaps", "settings") is not None
