"""A custom resource is not called good before its controller had time to look at it, where it has a place to say so."""

import threading
from collections.abc import Callable, Iterator

import pytest

from pushboat.errors import Unhealthy
from pushboat.model.health import Finding, Health
from tests.cluster.definitions import PATH, definition
from tests.cluster.desk import Desk, document
from tests.until import until


@pytest.fixture
def widgets(desk: Desk) -> Iterator[Callable[..., str]]:
    """Serve a kind of its own for this test, with a status or without; give the text of an object of it."""
    made: list[str] = []

    def serve(*, with_status: bool = True) -> str:
        group = f"{desk.namespace}.example.com"
        desk.cluster.request("POST", PATH, body=definition(group, "Widget", speaks=with_status))
        made.append(f"widgets.{group}")

        def is_served() -> bool:
            desk.cluster.kinds.refresh()
            return desk.cluster.kinds.find(group, "v1", "Widget") is not None

        until(is_served, what="the kind to be served")
        api = f"/apis/{group}/v1/namespaces/{desk.namespace}/widgets"
        until(lambda: desk.cluster.find(api), what="its objects to be served")
        body = {"apiVersion": f"{group}/v1", "kind": "Widget", "metadata": {"name": "one"}, "spec": {"size": 1}}
        return document(body)

    yield serve
    for name in made:
        desk.cluster.request("DELETE", f"{PATH}/{name}")


def say(desk: Desk, **condition: str) -> None:
    """Speak as the controller."""
    path = f"/apis/{desk.namespace}.example.com/v1/namespaces/{desk.namespace}/widgets/one/status"
    desk.write("controller", path, {"status": {"observedGeneration": 1, "conditions": [condition]}})


def waited(desk: Desk, text: str, deadline: float, then: Callable[[], None]) -> Finding:
    """Wait, and let something happen once the first look is over."""
    happened = threading.Event()

    def give_way() -> None:
        if looks and not happened.is_set():
            happened.set()
            then()
        looks.append(None)

    looks: list[None] = []
    desk.deploy(text)
    (finding,) = desk.wait(text, deadline=deadline, give_way=give_way)
    return finding


@pytest.mark.proves("health-first-word")
@pytest.mark.proves("custom-resource-judged-too-early", among=("a kind that nobody knows",))
def test_a_controller_that_says_no_a_moment_later_is_heard(desk: Desk, widgets: Callable[..., str]) -> None:
    """My object looks fine for a moment, and then its controller says what is wrong: red with those words."""
    text = widgets()
    no = {"type": "Stalled", "status": "True", "message": "the thing cannot be made"}
    with pytest.raises(Unhealthy, match="the thing cannot be made"):
        waited(desk, text, 600, lambda: say(desk, **no))


def test_a_controller_that_says_yes_ends_the_wait(desk: Desk, widgets: Callable[..., str]) -> None:
    """My object's controller says that it is ready: green, without waiting any longer."""
    finding = waited(desk, widgets(), 600, lambda: say(desk, type="Ready", status="True"))
    assert finding.judgement.health is Health.HEALTHY


@pytest.mark.proves("health-first-word")
def test_a_kind_without_a_controller_is_called_unverified(desk: Desk, widgets: Callable[..., str]) -> None:
    """Nobody ever says anything about my object: that is what the status says, and it is not red."""
    finding = waited(desk, widgets(), 1, lambda: None)
    assert finding.judgement.health is Health.UNVERIFIED
    assert "its controller has said nothing about it" in finding.judgement.reason


def test_a_kind_that_has_no_status_is_not_waited_for(desk: Desk, widgets: Callable[..., str]) -> None:
    """A kind whose objects have no place for a status costs my push no time."""
    text = widgets(with_status=False)
    desk.deploy(text)
    looks: list[None] = []
    (finding,) = desk.wait(text, deadline=600, give_way=lambda: looks.append(None))
    assert (finding.judgement.health, len(looks)) == (Health.UNVERIFIED, 1)


def test_what_a_push_did_not_write_is_not_waited_for(desk: Desk, widgets: Callable[..., str]) -> None:
    """My object has been there without a word for long: a push that leaves it alone does not wait for one."""
    text = widgets()
    desk.deploy(text)
    desk.made.clear()
    looks: list[None] = []
    desk.wait(text, deadline=600, give_way=lambda: looks.append(None))
    assert len(looks) == 1
