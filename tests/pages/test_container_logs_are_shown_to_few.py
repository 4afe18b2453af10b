"""What containers said last is shown behind the password and on this machine, and elsewhere not even by its API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config.pages import Access, Pages, shown
from pushboat.model.container_log import ContainerLog, written
from pushboat.model.state import State
from tests.fresh_store import fresh_store
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor, make_operator, open_front_door

LOG = ContainerLog(pod="web-1", container="app", lines=("reading <settings>", "cannot connect: s3cret-token"))
REASON = "Deployment/shop/web: pod web-1, container app: CrashLoopBackOff (exit 1)"


@contextmanager
def failed(folder: Path, pages: Pages) -> Iterator[tuple[FrontDoor, int]]:
    """Open pages that are shown in a given way, with a deployment whose container said something."""
    operator = replace(make_operator(folder), pages=pages)
    store = fresh_store(operator.state)
    with open_front_door(operator, store) as door:
        made = Ledger(store).ended(State.FAILED, REASON, details="**web** is Degraded", logs=written([LOG]))
        yield door, made.id
    store.close()


def test_where_they_may_be_shown_a_page_and_the_api_show_them(tmp_path: Path) -> None:
    """I open the failed deployment and read what the container said, with nothing in it obeyed."""
    with failed(tmp_path, Pages(access=Access.OPEN, private=True)) as (door, number):
        page = door.get(f"/deployments/{number}").text
        assert "pod web-1, container app" in page
        assert "reading &lt;settings&gt;\ncannot connect: s3cret-token" in page
        form = door.get(f"/api/v1/deployments/{number}").json()
        assert form["logs"] == [
            {"pod": "web-1", "container": "app", "previous": False, "lines": list(LOG.lines)},
        ]
        assert form["details"] == "**web** is Degraded"


def test_elsewhere_nothing_of_them_is_shown(tmp_path: Path) -> None:
    """Pages that everybody may see tell why it failed, and name the command that shows the lines to the operator."""
    with failed(tmp_path, Pages(access=Access.OPEN)) as (door, number):
        for path in ("/", f"/deployments/{number}", "/api/v1/deployments", f"/api/v1/deployments/{number}/progress"):
            assert "s3cret-token" not in door.get(path).text
        page = door.get(f"/deployments/{number}").text
        assert "CrashLoopBackOff" in page
        assert f"pushboat show {number}" in page
        assert door.get(f"/api/v1/deployments/{number}").json()["logs"] is None


@pytest.mark.parametrize(
    ("setting", "host", "url", "with_logs"),
    [
        (None, "127.0.0.1", "http://127.0.0.1:8700", True),
        ("open", "127.0.0.1", "http://localhost:8700", True),
        ("open", "127.0.0.1", "https://boat.example.org", False),
        ("open", "0.0.0.0", "http://127.0.0.1:8700", False),
        (None, "0.0.0.0", "https://boat.example.org", False),
    ],
)
def test_open_is_no_word_on_what_containers_print(setting: str | None, host: str, url: str, with_logs: bool) -> None:
    """`pages: open` shows what runs where; what containers print stays on this machine."""
    assert shown(setting, host, url).with_logs is with_logs
