"""Webhooks bring every comment of a repository, also confidential ones; our pages have no login and keep none."""

import json

import pytest

from tests.receiving.front_door import FrontDoor, github_headers

WORDS = "between-you-and-me"


@pytest.mark.parametrize(
    ("action", "text"),
    [("created", f"{WORDS}: the customer leaves"), ("edited", f"/deploy staging\n{WORDS}"), ("deleted", WORDS)],
)
def test_a_comment_that_is_no_command_is_not_kept(front_door: FrontDoor, action: str, text: str) -> None:
    """What people say to each other is neither stored nor shown."""
    payload = {
        "action": action,
        "issue": {"number": 7, "pull_request": {"url": "x"}},
        "comment": {"id": 1, "body": text, "user": {"login": "ada", "type": "User"}},
        "repository": {"full_name": "acme/shop"},
    }
    body = json.dumps(payload).encode()
    answer = front_door.post(body, github_headers(body, event="issue_comment"))
    assert answer.json()["ignored"]
    number = answer.json()["delivery"]
    assert WORDS not in front_door.get(f"/deliveries/{number}").text
    assert WORDS not in front_door.get(f"/api/v1/deliveries/{number}").text
    assert not front_door.stored(WORDS)


def test_nobody_names_a_delivery_as_a_replay(front_door: FrontDoor) -> None:
    """The id of a replay, which deploys again what runs already, cannot come from outside."""
    front_door.push(delivery="d-1#replay-1")
    (row,) = front_door.get("/api/v1/deliveries").json()["items"]
    assert row["delivery"].startswith("sha256:")
