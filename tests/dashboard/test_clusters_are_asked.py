"""Any token asks of clusters what is within its reach, so much at a time, and nobody else reads the answer."""

from typing import Any

import pytest
import requests

from pushboat.model.api_token import Role
from pushboat.model.question import LONGEST_ANSWER, Told
from pushboat.model.reach import EVERYTHING, Reach, reach_of
from pushboat.queue.bell import Bell
from pushboat.store import api_tokens, questions
from tests.dashboard.test_the_api_is_described import broken, described
from tests.receiving.front_door import PUBLIC_URL, FrontDoor

SHOP = "github/acme/shop"
DRIFT = {"word": "drift", "repository": SHOP, "environment": "staging"}
REACH = reach_of("github/Acme/Shop", "staging")


def token(door: FrontDoor, name: str = "eyes", reach: Reach = REACH) -> dict[str, str]:
    """Make a viewer's token, as the headers that bring it."""
    secret = api_tokens.create(door.store, name, reach, Role.VIEWER, 3600.0, "root")[1]
    return {"Authorization": f"Bearer {secret}"}


def ask(door: FrontDoor, headers: dict[str, str], form: Any = DRIFT) -> requests.Response:
    """Ask."""
    return requests.post(f"{door.url}/api/v1/questions", json=form, headers=headers, timeout=60)


def look(door: FrontDoor, headers: dict[str, str], number: int) -> requests.Response:
    """Look for the answer."""
    return requests.get(f"{door.url}/api/v1/questions/{number}", headers=headers, timeout=60)


def test_a_question_is_kept_until_it_is_answered(door: FrontDoor) -> None:
    """The dispatcher is woken and told of its cluster; the answer is the one that a worker gave, once."""
    mine = token(door)
    with Bell(door.database.parent) as bell:
        taken = ask(door, mine)
        assert bell.wait(60)
    number = taken.json()["question"]
    assert (taken.status_code, taken.headers["Location"]) == (202, f"{PUBLIC_URL}/api/v1/questions/{number}")
    assert questions.due_clusters(door.store) == ["dev"]
    questions.hinted(door.store, ["dev"])
    assert questions.due_clusters(door.store) == []
    assert look(door, mine, number).json()["answer"] is None
    held = questions.claim(door.store, "dev")
    assert held
    assert held.reach == reach_of(SHOP, "staging")
    assert questions.claim(door.store, "dev") is None
    assert questions.answer(door.store, held, Told(code=1, form={"drift": []}, lines=("a",), said=(("✗", "b"),)))
    assert not questions.answer(door.store, held, Told(code=0))
    answered, document = look(door, mine, number), described(door)
    schema = document["paths"]["/api/v1/questions/{id}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert broken(answered, schema["schema"], document) == []
    said = answered.json()["answer"]
    assert said == {"code": 1, "form": {"drift": []}, "lines": ["a"], "said": [{"glyph": "✗", "sentence": "b"}]}


def test_nobody_else_reads_the_answer(door: FrontDoor) -> None:
    """Not another token that sees the same, and nobody without one, though the pages are open."""
    number = ask(door, token(door)).json()["question"]
    assert look(door, token(door, "other", EVERYTHING), number).status_code == 404
    assert look(door, {}, number).status_code == 401
    assert ask(door, {}).status_code == 401
    assert ask(door, {"Authorization": "Bearer pushboat_wrong"}).status_code == 401


@pytest.mark.parametrize(
    ("change", "code", "parameter"),
    [
        ({"environment": "production"}, 404, ""),
        ({"repository": "github/acme/other"}, 404, ""),
        ({"word": "deploy"}, 400, "word"),
        ({"word": "why"}, 400, "word"),
        ({"environment": ""}, 400, "environment"),
        ({"reach": "all"}, 400, "reach"),
        ({"arguments": {"cursor": "x"}}, 400, "arguments"),
        ({"word": "logs", "arguments": {"cursor": "a\nb"}}, 400, "arguments"),
        ({"word": "logs", "arguments": {"cursor": "a" * 4001}}, 400, "arguments"),
        ({"word": "logs", "arguments": {"all": True}}, 400, "arguments"),
        ({"word": "logs", "arguments": {"cursor": "y" * 70_000}}, 413, ""),
    ],
)
def test_what_is_out_of_reach_or_cannot_be_meant_is_refused(
    door: FrontDoor, change: dict[str, Any], code: int, parameter: str
) -> None:
    """Nothing is kept of it."""
    refused = ask(door, token(door), {**DRIFT, **change})
    assert (refused.status_code, refused.json().get("parameter", "")) == (code, parameter)
    assert questions.due_clusters(door.store) == []


def test_a_token_asks_so_much_at_a_time(door: FrontDoor) -> None:
    """The next one is told when to come again, and another token is not kept waiting by it."""
    mine = token(door)
    answers = [ask(door, mine).status_code for _ in range(questions.MOST_OPEN + 1)]
    assert answers == [*[202] * questions.MOST_OPEN, 429]
    refused = ask(door, mine)
    assert (refused.headers["Retry-After"], refused.json()["status"]) == ("2", 429)
    assert ask(door, token(door, "other")).status_code == 202


def test_an_answer_that_is_too_long_is_said_to_be(door: FrontDoor) -> None:
    """It fills no store."""
    mine = token(door)
    number = ask(door, mine).json()["question"]
    held = questions.claim(door.store, "dev")
    assert held
    questions.answer(door.store, held, Told(lines=("x" * LONGEST_ANSWER,)))
    assert look(door, mine, number).json()["answer"]["code"] == 3
