"""A forge's delivery is stored once, answered with one sentence, and the dispatcher is woken for it."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pushboat.model.delivery import Verdict
from pushboat.store import deliveries
from tests.receiving.front_door import OLD_SECRET, PUBLIC_URL, SHA, FrontDoor, github_headers, push_body


def test_a_push_is_accepted(front_door: FrontDoor) -> None:
    """A signed push gets 202 with its number, and it is stored before the answer leaves."""
    answer = front_door.push()
    assert answer.status_code == 202
    number = answer.json()["delivery"]
    row = deliveries.find(front_door.store, number)
    assert row is not None
    assert (row.verdict, row.event.sha, row.delivery) == (Verdict.ACCEPTED, SHA, "d-1")
    assert f"{PUBLIC_URL}/deliveries/{number}" in answer.json()["message"]
    assert len(front_door.rings) == 1


@pytest.mark.proves("receiver")
def test_a_rotated_secret_still_opens_the_door(front_door: FrontDoor) -> None:
    """While a secret is rotated, deliveries signed with either are accepted."""
    body = push_body()
    assert front_door.post(body, github_headers(body, secret=OLD_SECRET)).status_code == 202


def test_five_at_once_are_one(front_door: FrontDoor) -> None:
    """The same delivery five times at the same moment becomes one row; the four others are told that it is known."""
    with ThreadPoolExecutor(5) as senders:
        answers = list(senders.map(lambda _: front_door.push("same"), range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 202]
    assert len({answer.json()["delivery"] for answer in answers}) == 1
    assert [answer.json()["duplicate"] for answer in answers if answer.status_code == 200] == [True] * 4
    assert len(deliveries.listed(front_door.store)) == 1
    assert len(front_door.rings) == 1


@pytest.mark.parametrize(
    ("event", "changes"),
    [
        ("ping", {"zen": "Keep it logically awesome."}),
        ("star", {"action": "created"}),
        ("push", {"repository": {"id": 2, "full_name": "acme/unknown"}}),
    ],
)
def test_what_leads_to_nothing_says_why(front_door: FrontDoor, event: str, changes: dict[str, object]) -> None:
    """A ping, a kind that is not followed and an unknown repository get 200 and a reason, which is kept."""
    body = push_body(**changes)
    answer = front_door.post(body, github_headers(body, event=event))
    assert answer.status_code == 200
    reason = answer.json()["ignored"]
    assert len(reason) > 10
    assert answer.json()["message"] == reason
    row = deliveries.find(front_door.store, answer.json()["delivery"])
    assert row is not None
    assert (row.verdict, row.reason) == (Verdict.IGNORED, reason)
    assert not front_door.rings


def test_a_charset_or_a_slash_does_not_matter(front_door: FrontDoor) -> None:
    """`application/json; charset=utf-8` and an address with a slash at its end are what some people configure."""
    body = push_body()
    headers = {**github_headers(body), "Content-Type": "application/json; charset=utf-8"}
    assert front_door.post(body, headers, forge="github/").status_code == 202


def test_plain_git_and_gitlab_use_the_same_door(front_door: FrontDoor) -> None:
    """Every forge's deliveries come in by the same steps, each verified in its own way."""
    body = json.dumps({"object_kind": "push", "project": {"path_with_namespace": "acme/shop"}}).encode()
    headers = {"Content-Type": "application/json", "X-Gitlab-Event": "Wiki Page Hook"}
    assert front_door.post(body, headers, forge="gitlab").status_code == 401
    assert front_door.post(body, {**headers, "X-Gitlab-Token": OLD_SECRET}, forge="gitlab").status_code == 200
    assert front_door.post(body, headers, forge="git").status_code == 401


@pytest.mark.proves("receiver-load", "pain-13")
def test_a_warm_answer_takes_milliseconds(front_door: FrontDoor) -> None:
    """An answer costs at most 30 ms of a processor, the forge's side of it included; the median of fifty."""
    front_door.push("warm-up")
    took = []
    for number in range(50):
        started = time.process_time()
        assert front_door.push(f"timed-{number}").status_code == 202
        took.append(time.process_time() - started)
    assert sorted(took)[25] < 0.030
