"""Pages and API are shown where only this machine reaches them, and elsewhere only as the operator says."""

import hmac
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from pushboat.config.pages import Access, Pages
from pushboat.store import deliveries
from tests.fresh_store import fresh_store
from tests.receiving.front_door import SECRET, FrontDoor, make_operator, open_front_door

PASSWORD = "pässword of the pages"
ADDRESSES = ("/", "/deliveries", "/deployments/1", "/api/v1/deployments", "/api/v1/", "/nothing", "/metrics")

Opened = Callable[[Pages], AbstractContextManager[FrontDoor]]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """Open a front door whose pages are shown in a given way."""

    @contextmanager
    def open_it(pages: Pages) -> Iterator[FrontDoor]:
        operator = replace(make_operator(tmp_path), pages=pages)
        store = fresh_store(operator.state)
        with open_front_door(operator, store) as door:
            yield door
        store.close()

    return open_it


def test_hidden_pages_say_what_the_operator_must_write(opened: Opened) -> None:
    """Nobody sees anything, and the answer names the two ways to change that."""
    with opened(Pages(access=Access.HIDDEN)) as door:
        for path in ADDRESSES:
            answer = door.get(path)
            assert answer.status_code == 403
            assert "pages: open" in answer.text
            assert "password" in answer.text
        assert door.get("/api/v1/deployments").json()["status"] == 403


def test_a_password_opens_them(opened: Opened) -> None:
    """Any user name with the password sees everything; none, a wrong or an empty one is asked again."""
    with opened(Pages(access=Access.PASSWORD, password=PASSWORD)) as door:
        for path in ("/", "/deliveries", "/api/v1/deployments"):
            asked = door.get(path)
            assert (asked.status_code, asked.headers["WWW-Authenticate"].split()[0]) == (401, "Basic")
            for wrong in ("", "x", PASSWORD + "x"):
                assert requests.get(door.url + path, auth=("ada", wrong.encode()), timeout=60).status_code == 401
            assert requests.get(door.url + path, auth=("ada", PASSWORD.encode()), timeout=60).status_code == 200
        assert requests.get(door.url, headers={"Authorization": "Basic ???"}, timeout=60).status_code == 401
        assert requests.get(door.url, headers={"Authorization": "Bearer x"}, timeout=60).status_code == 401


@pytest.mark.parametrize("pages", [Pages(access=Access.HIDDEN), Pages(access=Access.PASSWORD, password=PASSWORD)])
def test_deliveries_and_probes_stay_open(opened: Opened, pages: Pages) -> None:
    """Forges and probes need no password; readiness then is a yes or no without details."""
    with opened(pages) as door:
        assert door.push().status_code == 202
        assert door.get("/healthz").json() == {"alive": True}
        assert door.get("/readyz").json() == {"ready": True}
        assert door.get("/static/style.css").status_code in (200, 404)


def test_the_password_shows_readiness_whole(opened: Opened) -> None:
    """Who may see the pages may see what the processes say too."""
    with opened(Pages(access=Access.PASSWORD, password=PASSWORD)) as door:
        answer = requests.get(f"{door.url}/readyz", auth=("", PASSWORD.encode()), timeout=60)
        assert answer.json()["store"] == "writable"


def test_a_hook_may_ask_what_it_signs(opened: Opened) -> None:
    """The hook of a plain git server reads the API by its webhook secret, and only what it signed."""
    path = "/api/v1/deliveries?limit=1"
    signed = "sha256=" + hmac.new(SECRET.encode(), f"GET {path}".encode(), "sha256").hexdigest()
    headers = {"X-Pushboat-Forge": "git", "X-Pushboat-Signature-256": signed}
    with opened(Pages(access=Access.HIDDEN)) as door:
        assert requests.get(door.url + path, headers=headers, timeout=60).status_code == 200
        for other in ("/api/v1/deliveries?limit=2", "/api/v1/deployments", "/deliveries?limit=1", "/"):
            assert requests.get(door.url + other, headers=headers, timeout=60).status_code == 403
        assert (
            door.post(b"GET " + path.encode(), {**headers, "Content-Type": "application/json"}, "git").status_code
            == 400
        )
        assert [row.verdict for row in deliveries.listed(door.store)] == ["rejected"]
