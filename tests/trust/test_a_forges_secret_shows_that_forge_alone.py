"""Who has a forge's webhook secret reads by it what is that forge's: another one's repositories are not there."""

import hmac

import pytest
import requests

from pushboat.model.state import State
from tests.dashboard.signing_in import Room
from tests.pages.ledger import Ledger
from tests.receiving.front_door import SECRET


def signed(forge: str, path: str) -> dict[str, str]:
    """Sign a question as a hook of a forge does, in each way that there is."""
    digits = hmac.new(SECRET.encode(), f"GET {path}".encode(), "sha256").hexdigest()
    headers = dict.fromkeys(("X-Pushboat-Signature-256", "X-Hub-Signature-256"), f"sha256={digits}")
    return {**headers, "X-Gitlab-Token": SECRET, "X-Pushboat-Forge": forge}


def read(room: Room, forge: str, path: str) -> requests.Response:
    """Read something of the API as a hook."""
    return requests.get(f"{room.door.url}{path}", headers=signed(forge, path), allow_redirects=False, timeout=60)


@pytest.mark.parametrize("forge", ["git", "gitlab"])
def test_the_secret_of_one_forge_shows_nothing_of_another(room: Room, forge: str) -> None:
    """Neither lists nor single rows, nor that they are there; what is its own it reads, down to refused deliveries."""
    Ledger(room.door.store, repository="acme/mine", forge=forge).ended(State.SUCCEEDED, "healthy")
    room.door.post(b"{}", {"Content-Type": "application/json"}, forge)
    for path in ("environments", "deployments", "deliveries"):
        said = read(room, forge, f"/api/v1/{path}")
        assert said.status_code == 200
        assert "acme/shop" not in said.text
        assert "acme/other" not in said.text
    items = read(room, forge, "/api/v1/deployments").json()["items"]
    assert {each["repository"] for each in items} == {f"{forge}/acme/mine"}
    told = read(room, forge, "/api/v1/deliveries").json()["items"]
    assert {each["forge"] for each in told} == {forge}
    assert "rejected" in {each["verdict"] for each in told}
    assert read(room, forge, "/api/v1/deliveries?repository=github/acme/shop").json()["items"] == []
    mine = items[0]["id"]
    for part in ("", "/whole", "/changes", "/progress"):
        assert read(room, forge, f"/api/v1/deployments/{mine}{part}").status_code == 200
        assert read(room, forge, f"/api/v1/deployments/1{part}").status_code == 404
    hidden, never = (read(room, forge, f"/api/v1/deployments/{number}").json()["detail"] for number in (1, 9999))
    assert hidden.replace(" 1 ", " ") == never.replace(" 9999 ", " ")
    assert read(room, forge, "/api/v1/deliveries/1").status_code == 404
    assert read(room, forge, f"/api/v1/deliveries/{told[0]['id']}").status_code == 200


def test_a_secret_reads_no_pages_and_asks_for_nothing(room: Room) -> None:
    """It is for the API, by GET; what containers said is not told to it."""
    path = "/api/v1/deployments/2/whole"
    said = read(room, "github", path)
    assert said.status_code == 200
    assert "crashed" not in said.text, "a container's words"
    assert read(room, "github", "/deployments/1").status_code == 303
    taken = requests.post(f"{room.door.url}/api/v1/asks", headers=signed("github", "/api/v1/asks"), timeout=60)
    assert taken.status_code == 401
