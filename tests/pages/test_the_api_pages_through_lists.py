"""The API gives the contract's fields, newest first, a page at a time, and refuses what it does not understand."""

import re

import pytest

from pushboat.model.changeset import Action, Change
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from tests.pages.ledger import Ledger
from tests.receiving.front_door import PUBLIC_URL, FrontDoor

DEPLOYMENT = {
    "id", "repository", "environment", "kind", "ref", "sha", "commit", "state", "reason", "waits", "attempts", "author",
    "trigger", "release", "pull_request", "rolled_back_to", "promoted_from", "delivery", "created_at", "started_at",
    "finished_at", "objects", "url", "ends_by", "holds", "glass",
}  # fmt: skip
DELIVERY = {
    "id",
    "forge",
    "delivery",
    "event",
    "verdict",
    "reason",
    "details",
    "received_at",
    "routed",
    "deployments",
    "asks",
    "repository",
    "sha",
    "source",
    "duplicates",
    "forgotten",
}
EVENT = {
    "kind", "action", "repository", "ref", "base_ref", "sha", "before", "number", "fork", "merged_sha", "author",
    "comment",
}  # fmt: skip
OF_A_TOKEN = {
    "/api/v1/asks", "/api/v1/deliveries/{id}/replay", "/api/v1/questions", "/api/v1/plans", "/api/v1/questions/{id}",
    "/api/v1/token",
}  # fmt: skip
"""What takes something, or gives only what a token has asked for."""
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_a_deployment_has_the_contracts_fields(front_door: FrontDoor, ledger: Ledger) -> None:
    """Scripts find every field under its name, times in UTC and the page's address."""
    made = ledger.ended(State.SUCCEEDED, "3 objects: 3 created; healthy in 2 s")
    form = front_door.get(f"/api/v1/deployments/{made.id}").json()
    assert set(form) == DEPLOYMENT | {"details", "hooks", "images", "logs"}
    assert (form["repository"], form["state"], form["trigger"]) == ("github/acme/shop", "succeeded", "push")
    assert set(form["objects"]) == {"created", "configured", "unchanged", "deleted"}
    assert all(ISO.fullmatch(form[name]) for name in ("created_at", "started_at", "finished_at"))
    assert form["url"] == f"{PUBLIC_URL}/deployments/{made.id}"


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/"])
def test_the_api_says_what_it_has(front_door: FrontDoor, ledger: Ledger, path: str) -> None:
    """Whoever finds the API finds everything in it: each address answers, and a sentence says with what."""
    number = str(ledger.queued().id)
    items = front_door.get(path).json()["items"]
    assert {item["path"] for item in items} == {
        "/api/v1/environments", "/api/v1/deployments", "/api/v1/deployments/{id}",
        "/api/v1/deployments/{id}/changes", "/api/v1/deployments/{id}/progress",
        "/api/v1/deliveries", "/api/v1/deliveries/{id}", "/api/v1/openapi.json",
        "/api/v1/deployments/{id}/whole", "/api/v1/deployments/{id}/events", "/api/v1/diff", "/api/v1/audit",
        "/api/v1/deployments/{id}/record", *OF_A_TOKEN,
    }  # fmt: skip
    for item in items:
        if item["path"] in OF_A_TOKEN:
            continue
        # the first wants to know of which environment, the second a release
        wanted = 404 if item["path"].endswith(("/diff", "/record")) else 200
        assert front_door.get(item["path"].replace("{id}", number)).status_code == wanted
        assert item["gives"]
        for parameter in item["parameters"]:
            answer = front_door.get(f"{item['path'].replace('{id}', number)}?{parameter}=0")
            assert "unknown parameter" not in answer.text


def test_a_waiting_deployment_has_nulls_and_a_reason(front_door: FrontDoor, ledger: Ledger) -> None:
    """What has not happened yet is null; the reason is a sentence from the first moment."""
    form = front_door.get(f"/api/v1/deployments/{ledger.queued().id}").json()
    assert (form["started_at"], form["finished_at"]) == (None, None)
    assert form["reason"]


def test_a_delivery_has_the_contracts_fields(front_door: FrontDoor, ledger: Ledger) -> None:
    """A delivery shows its event, its sentence and what it led to; a refused one has no event."""
    made = ledger.queued()
    form = front_door.get(f"/api/v1/deliveries/{made.delivery}").json()
    assert set(form) == DELIVERY | {"headers"}
    assert set(form["event"]) == EVENT
    assert form["deployments"] == [made.id]
    front_door.post(b"{}", {"Content-Type": "application/json"})
    refused = front_door.get("/api/v1/deliveries?limit=1").json()["items"][0]
    assert (refused["verdict"], refused["event"]) == ("rejected", None)


def test_pages_follow_each_other(front_door: FrontDoor, ledger: Ledger) -> None:
    """Following `next` shows every deployment once, newest first, also when new ones arrive in between."""
    made = [ledger.queued().id for _ in range(5)]
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = front_door.get(f"/api/v1/deployments?limit=2{'&cursor=' + cursor if cursor else ''}").json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        ledger.queued()
    assert seen == made[::-1]
    first = front_door.get("/api/v1/deliveries?limit=3").json()
    assert len(first["items"]) == 3
    assert front_door.get(f"/api/v1/deliveries?limit=100&cursor={first['next']}").json()["next"] is None


def test_filters_narrow_the_list(front_door: FrontDoor, ledger: Ledger) -> None:
    """Repository, environment, state and sha (also its beginning) find what they name and nothing else."""
    done = ledger.ended(State.SUCCEEDED, "done")
    failed = ledger.ended(State.FAILED, "no", "production")

    def ids(query: str, of: str = "deployments") -> list[int]:
        return [item["id"] for item in front_door.get(f"/api/v1/{of}?{query}").json()["items"]]

    assert ids("repository=github/acme/shop") == [failed.id, done.id]
    assert ids("repository=github/acme/other") == []
    assert ids("environment=production") == [failed.id]
    assert ids("state=succeeded") == [done.id]
    assert ids(f"sha={done.sha[:7]}") == [done.id]
    assert ids(f"sha={failed.sha}", "deliveries") == [failed.delivery]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("limit=0", "limit"),
        ("limit=101", "100"),
        ("limit=ten", "limit"),
        ("limit=%D9%A3", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%FF", "cursor"),
        ("state=green", "succeeded"),
        ("sha=xyz", "sha"),
        ("enviroment=staging", "environment"),
    ],
)
def test_what_cannot_be_meant_is_refused(front_door: FrontDoor, query: str, says: str) -> None:
    """A mistyped filter answers 400 and what to write instead, never the whole list."""
    answer = front_door.get(f"/api/v1/deployments?{query}")
    assert answer.status_code == 400
    assert says in answer.json()["error"]


def test_the_end_of_a_deployment_can_be_awaited(front_door: FrontDoor, ledger: Ledger) -> None:
    """Polling the progress gives each line once, in order, and says when there will be no more."""
    made = ledger.running()
    path = f"/api/v1/deployments/{made.id}/progress"
    story = front_door.get(path).json()
    assert [line["phase"] for line in story["items"]][-2:] == ["checkout", "apply"]
    assert (story["state"], story["ended"]) == ("running", False)
    last = story["items"][-1]
    assert set(last) == {"id", "at", "phase", "text"}
    assert front_door.get(f"{path}?after={last['id']}").json()["items"] == []
    done = ledger.ended(State.FAILED, "web crashes", "production")
    story = front_door.get(f"/api/v1/deployments/{done.id}/progress").json()
    assert (story["state"], story["reason"], story["ended"]) == ("failed", "web crashes", True)
    assert front_door.get(f"{path}?after=x").status_code == 400


def test_environments_say_what_runs(front_door: FrontDoor, ledger: Ledger) -> None:
    """Beside the latest deployment stands the one that got through; an untouched environment is listed too."""
    good = ledger.ended(State.SUCCEEDED, "healthy")
    bad = ledger.ended(State.FAILED, "web crashes")
    items = {item["environment"]: item for item in front_door.get("/api/v1/environments").json()["items"]}
    assert (items["staging"]["latest"]["id"], items["staging"]["running"]["id"]) == (bad.id, good.id)
    assert (items["production"]["latest"], items["production"]["running"]) == (None, None)


def test_what_is_not_there_is_not_found(front_door: FrontDoor) -> None:
    """Unknown and impossible numbers answer 404 with a sentence."""
    for path in ("deployments/7", "deployments/7/progress", "deliveries/7", "deployments/99999999999999999999"):
        answer = front_door.get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_recreated_objects_are_counted_where_there_are_any(front_door: FrontDoor, ledger: Ledger) -> None:
    """The four numbers that scripts know stay as they are; a fifth comes where an object was deleted and made anew."""
    job = Change(ref=Ref("batch", "Job", "shop", "migrate"), action=Action.RECREATED)
    made = ledger.ended(State.SUCCEEDED, "1 object: 1 recreated; healthy in 2 s", changes=[job])
    form = front_door.get(f"/api/v1/deployments/{made.id}").json()
    assert form["objects"] == {"created": 0, "configured": 0, "unchanged": 0, "deleted": 0, "recreated": 1}
