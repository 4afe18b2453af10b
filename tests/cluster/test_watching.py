"""What is watched is what is there, whatever happens to the watch: no event is lost for good, nothing waits in vain."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterUnavailable
from tests.cluster.answering import write_kubeconfig
from tests.fakes.watched import END, HANG_UP, WatchedServer, serving_a_watch
from tests.until import until
from workers.cluster.client.connection import connect
from workers.cluster.client.kinds import Kind
from workers.cluster.reading.watching import Watch

pytestmark = pytest.mark.programs

PLACE = (Kind("", "v1", "ConfigMap", "configmaps", namespaced=True), "shop")


@pytest.fixture
def server() -> Iterator[WatchedServer]:
    """An API server that fails as it is told to."""
    with serving_a_watch() as running:
        yield running


@pytest.fixture
def changes() -> list[None]:
    """One entry for each time that somebody was told of a change."""
    return []


@pytest.fixture
def watch(server: WatchedServer, tmp_path: Path, changes: list[None]) -> Iterator[Watch]:
    """A watch of its ConfigMaps, not begun."""
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", server, {})
    cluster = connect(ClusterAccess(name="dev", kubeconfig=kubeconfig))
    made = Watch(cluster, PLACE, {}, lambda: changes.append(None))
    yield made
    made.end()
    cluster.close()


def names(watch: Watch) -> set[str]:
    return {each["metadata"]["name"] for each in watch.objects()}


def shows(watch: Watch, *wanted: str) -> Callable[[], bool]:
    """Ask whether exactly these objects are seen; while nobody knows, they are not."""

    def question() -> bool:
        try:
            return names(watch) == set(wanted)
        except ClusterUnavailable:
            return False

    return question


def begin(watch: Watch, server: WatchedServer) -> None:
    watch.read()
    watch.follow()
    until(lambda: server.watchers == 1, what="the watch to begin")


@pytest.mark.proves("health-watch")
def test_a_change_is_known_as_it_happens(watch: Watch, server: WatchedServer, changes: list[None]) -> None:
    """What appears, changes or goes is known without another question."""
    server.put("a")
    begin(watch, server)
    server.put("b")
    until(shows(watch, "a", "b"), what="b to be seen")
    server.delete("a")
    until(shows(watch, "b"), what="a to be gone")
    assert [each["metadata"]["name"] for each in watch.gone()] == ["a"]
    assert server.asked == ["LIST", "WATCH 101"]
    assert len(changes) >= 2


def test_what_happens_between_the_list_and_the_watch_is_not_lost(watch: Watch, server: WatchedServer) -> None:
    """An object that comes after the list and before the watch is seen."""
    watch.read()
    server.put("between")
    watch.follow()
    until(shows(watch, "between"), what="it to be seen")


def test_a_broken_connection_goes_on_where_it_was(watch: Watch, server: WatchedServer) -> None:
    """The connection is cut in the middle: the next one asks for what came since, and nothing is listed again."""
    begin(watch, server)
    server.put("a")
    until(shows(watch, "a"), what="a to be seen")
    server.send(HANG_UP)
    until(lambda: "WATCH 101" in server.asked, what="another watch")
    server.put("b")
    until(shows(watch, "a", "b"), what="b to be seen")
    assert server.asked.count("LIST") == 1


@pytest.mark.proves("health-watch")
@pytest.mark.parametrize("as_an_event", [True, False])
def test_history_that_has_passed_is_listed_anew(watch: Watch, server: WatchedServer, *, as_an_event: bool) -> None:
    """410 Gone, as an answer or in the middle of a watch: the place is read again, and watched from there."""
    begin(watch, server)
    server.put("lost", silently=True)
    if as_an_event:
        server.send(json.dumps({"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired"}}))
    else:
        server.refuse_watches.append((410, {}))
        server.send(HANG_UP)
    until(shows(watch, "lost"), what="it to be seen")
    assert server.asked.count("LIST") == 2


@pytest.mark.proves("health-watch")
def test_a_lost_event_is_found_at_the_next_list(watch: Watch, server: WatchedServer) -> None:
    """An event never came: when the watch has had its time, the place is listed, and what was missed is known."""
    begin(watch, server)
    server.put("lost", silently=True)
    server.send(END)
    until(shows(watch, "lost"), what="it to be seen")


@pytest.mark.parametrize("code", [429, 503])
def test_a_server_that_is_busy_is_asked_again(watch: Watch, server: WatchedServer, code: int) -> None:
    """The API server refuses for a moment: nobody is told wrong things, and then all is known."""
    begin(watch, server)
    server.refuse_watches.append((code, {"Retry-After": "1"} if code == 429 else {}))
    server.send(HANG_UP)
    until(lambda: not server.refuse_watches, what="the refusal to be heard")
    server.put("a")
    until(shows(watch, "a"), what="a to be seen")


def test_who_looks_while_nobody_knows_hears_so(watch: Watch, server: WatchedServer, changes: list[None]) -> None:
    """While the API server is away, what was there before is not given for what is there now."""
    begin(watch, server)
    server.refuse_watches.append((503, {}))
    server.refuse_lists.append((503, {}))
    told = len(changes)
    server.send(HANG_UP)

    def is_unknown() -> bool:
        try:
            watch.objects()
        except ClusterUnavailable:
            return True
        return False

    until(is_unknown, what="the outage to be known")
    assert len(changes) > told, "who waits must be woken"
    until(shows(watch), what="the end of the outage")


def test_where_watching_is_forbidden_it_is_asked_again_and_again(watch: Watch, server: WatchedServer) -> None:
    """An account that may list and not watch sees the same, a little later."""
    server.forbidden = True
    watch.read()
    watch.follow()
    server.put("a")
    until(shows(watch, "a"), what="a to be seen")
    assert server.asked[:3] == ["LIST", "WATCH 100", "LIST"]
    server.put("b")
    until(shows(watch, "a", "b"), what="b to be seen")
    assert sum(each.startswith("WATCH") for each in server.asked) == 1


def test_words_that_are_no_event_are_an_outage(watch: Watch, server: WatchedServer) -> None:
    """A proxy writes something of its own into the watch: it is begun anew."""
    begin(watch, server)
    server.put("lost", silently=True)
    server.send("<html>bad gateway</html>")
    until(shows(watch, "lost"), what="it to be seen")


def test_the_end_is_at_once(watch: Watch, server: WatchedServer) -> None:
    """Who needs a watch no more lets its thread and its connection go, although nothing happens in the cluster."""
    begin(watch, server)
    watch.end()
    until(
        lambda: not any(each.name == "watch-configmaps" for each in threading.enumerate()),
        within=120,
        what="its thread",
    )
