"""A delivery's page shows by which headers its forge said what it is; no secret and no signature is ever stored."""

from importlib import import_module
from pathlib import Path

import pytest

from pushboat.config.kinds import KINDS
from tests.pages.test_pages_tell_the_story import HOSTILE
from tests.receiving.front_door import FrontDoor, github_headers, push_body

BEARERS = ("token", "signature", "secret", "authorization", "cookie", "key")


def test_headers_stand_on_the_deliverys_page(front_door: FrontDoor, tmp_path: Path) -> None:
    """What the forge said stands there, what proves the sender, or a proxy put beside it, does not."""
    body = push_body()
    sent = {
        **github_headers(body, delivery="d-1"),
        "User-Agent": f"GitHub-Hookshot/{HOSTILE}",
        "X-GitHub-Hook-ID": "9" * 500,
        "Authorization": "Bearer never-to-be-stored",
        "X-Strange": "never-to-be-stored",
    }
    number = front_door.post(body, sent).json()["delivery"]
    page = front_door.get(f"/deliveries/{number}").text
    assert "x-github-event" in page
    assert "<code>push</code>" in page
    assert "GitHub-Hookshot/&lt;script&gt;" in page
    assert "9" * 199 + "…" in page
    signature = next(value for name, value in sent.items() if name.lower() == "x-hub-signature-256")
    for secret in ("never-to-be-stored", str(signature), str(signature).removeprefix("sha256=")):
        assert secret not in page
        assert not front_door.stored(secret)


def test_the_api_tells_the_same_of_one_delivery(front_door: FrontDoor) -> None:
    """A program reads what the page shows, and no more; lists leave it out."""
    body = push_body()
    number = front_door.post(body, {**github_headers(body, delivery="d-1"), "Cookie": "never"}).json()["delivery"]
    told = front_door.get(f"/api/v1/deliveries/{number}")
    assert told.json()["headers"]["x-github-event"] == "push"
    assert "never" not in told.text
    assert "signature" not in told.text
    assert "headers" not in front_door.get("/api/v1/deliveries").json()["items"][0]


def test_a_refused_one_leaves_none(front_door: FrontDoor) -> None:
    """Who cannot sign leaves nothing of what was sent."""
    front_door.post(push_body(), {"X-GitHub-Event": "push", "X-GitHub-Delivery": "d-2", "User-Agent": "left-behind"})
    assert "left-behind" not in front_door.get("/deliveries/1").text
    assert not front_door.stored("left-behind")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_forge_keeps_what_proves_a_sender(kind: str) -> None:
    """By their names alone: nothing that could bear a secret is on any forge's list."""
    kept = import_module(f"pushboat.forges.{kind}.deliveries").KEPT
    assert kept
    assert [name for name in kept if name != "idempotency-key" and any(word in name for word in BEARERS)] == []
