"""A command in a comment is read when it comes, and kept in words of ours beside its delivery."""

import json
from typing import Any

import pytest

from tests.receiving.front_door import SHA, FrontDoor, github_headers


def comment(front_door: FrontDoor, text: str, number: int = 7) -> Any:
    """Send a comment, and give its delivery as the API shows it."""
    payload = {
        "action": "created",
        "issue": {"number": number, "pull_request": {"url": "x"}},
        "comment": {"id": 1, "body": text, "user": {"login": "ada", "type": "User"}},
        "repository": {"full_name": "acme/shop"},
    }
    body = json.dumps(payload).encode()
    answer = front_door.post(body, github_headers(body, event="issue_comment", delivery="comment"))
    assert answer.status_code == 202, answer.text
    return front_door.get(f"/api/v1/deliveries/{answer.json()['delivery']}").json()


def test_the_ask_stands_beside_its_delivery(front_door: FrontDoor) -> None:
    """Who wants what, from where, about which commit; the verdict comes later."""
    pull = {
        "number": 7,
        "head": {"ref": "fix", "sha": SHA, "repo": {"id": 1}},
        "base": {"ref": "main", "repo": {"id": 1}},
    }
    payload = {"action": "opened", "pull_request": pull, "repository": {"full_name": "acme/shop"}}
    body = json.dumps(payload).encode()
    assert front_door.post(body, github_headers(body, event="pull_request", delivery="opened")).status_code == 202
    (ask,) = comment(front_door, "/deploy staging\nplease")["asks"]
    assert ask.pop("at").endswith("Z")
    assert ask == {
        "word": "deploy",
        "environment": "staging",
        "arguments": {},
        "who": "ada",
        "source": "comment",
        "sha": SHA,
        "verdict": None,
        "reason": "",
        "deployment": None,
    }


@pytest.mark.parametrize("text", ["/deploy", "/deploy staging now", "/deploy promote staging qa"])
def test_what_cannot_be_read_is_an_ask_too(front_door: FrontDoor, text: str) -> None:
    """It waits for its answer in the same order as everything else."""
    shown = comment(front_door, text)
    assert (shown["verdict"], len(shown["asks"])) == ("accepted", 1)


def test_a_comment_that_a_second_webhook_tells_of_is_ignored(front_door: FrontDoor) -> None:
    """A repository's webhook and its organisation's: the second one's page at the forge says what became of it."""
    said = {"id": 5, "body": "/deploy status", "user": {"login": "ada"}}
    issue = {"number": 7, "pull_request": {"url": "x"}}
    payload = {"action": "created", "issue": issue, "comment": said, "repository": {"full_name": "acme/shop"}}
    body = json.dumps(payload).encode()
    codes, words = [], []
    for name in ("the repository's", "the organisation's", "the organisation's"):
        answer = front_door.post(body, github_headers(body, event="issue_comment", delivery=name))
        codes.append(answer.status_code)
        words.append({*answer.json()} & {"ignored", "duplicate"})
    assert (codes, words) == ([202, 200, 200], [set(), {"ignored"}, {"duplicate"}])


def test_a_pressed_button_is_an_ask(front_door: FrontDoor) -> None:
    """GitHub tells who pressed what below which check; the rest is found out later."""
    payload = {
        "action": "requested_action",
        "check_run": {"name": "pushboat/plan/staging", "head_sha": SHA, "pull_requests": [{"number": 7}]},
        "requested_action": {"identifier": "deploy"},
        "repository": {"full_name": "acme/shop"},
        "sender": {"login": "ada", "type": "User"},
    }
    body = json.dumps(payload).encode()
    answer = front_door.post(body, github_headers(body, event="check_run", delivery="pressed"))
    assert answer.status_code == 202, answer.text
    (ask,) = front_door.get(f"/api/v1/deliveries/{answer.json()['delivery']}").json()["asks"]
    told = {name: ask[name] for name in ("word", "environment", "who", "source", "sha")}
    assert told == {"word": "deploy", "environment": "staging", "who": "ada", "source": "button", "sha": SHA}
