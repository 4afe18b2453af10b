"""Who may deploy sends files of a work tree, to read what a push of them would change; nothing of them stays."""

from typing import Any

import pytest
import requests
import sqlalchemy as sa

from pushboat.model.api_token import Role
from pushboat.model.question import Told
from pushboat.model.reach import Reach, reach_of
from pushboat.model.sent_files import FILE, SentFile, checked, packed
from pushboat.store import api_tokens, questions
from tests.receiving.front_door import FrontDoor

SHOP = "github/acme/shop"
FILES = packed([SentFile(path=".pushboat.yaml", mode=FILE, content=b"environments: {}\n")])
WISH = {"repository": SHOP, "environment": "staging", "files": FILES}


def token(
    door: FrontDoor,
    name: str = "ci",
    role: Role = Role.DEPLOYER,
    reach: Reach = reach_of(SHOP),  # noqa: B008
) -> dict[str, str]:
    """Make a token, as the headers that bring it."""
    secret = api_tokens.create(door.store, name, reach, role, 3600.0, "root")[1]
    return {"Authorization": f"Bearer {secret}"}


def send(door: FrontDoor, headers: dict[str, str], form: Any = WISH) -> requests.Response:
    """Send files."""
    return requests.post(f"{door.url}/api/v1/plans", json=form, headers=headers, timeout=60)


def files_kept(door: FrontDoor) -> int:
    """Count the questions that still have files."""
    with door.store.reading() as tx:
        return int(tx.scalar(sa.text("SELECT count(*) FROM question WHERE files IS NOT NULL")))


def test_they_stay_until_somebody_has_answered(door: FrontDoor) -> None:
    """The worker gets them as they were sent; with its answer they are gone."""
    mine = token(door)
    number = send(door, mine).json()["question"]
    held = questions.claim(door.store, "dev")
    assert held
    assert (held.word, held.files, held.arguments) == ("plan", checked(FILES), {})
    assert "files" not in repr(held)
    assert questions.answer(door.store, held, Told(lines=("a",)))
    assert files_kept(door) == 0
    said = requests.get(f"{door.url}/api/v1/questions/{number}", headers=mine, timeout=60).json()
    assert (said["answer"]["lines"], "files" in said) == (["a"], False)


def test_what_nobody_answers_is_dropped(door: FrontDoor) -> None:
    """Ninety seconds later nobody would, and the files go, before the question does."""
    send(door, token(door))
    with door.store.writing() as tx:
        tx.change(sa.text("UPDATE question SET asked_at = asked_at - 91"))
    questions.forget(door.store)
    assert files_kept(door) == 0


def test_only_who_may_deploy_there_sends_any(door: FrontDoor) -> None:
    """No viewer, nobody without a token, and nobody beyond their reach; nothing is kept of it."""
    assert send(door, {}).status_code == 401
    assert send(door, token(door, "eyes", Role.VIEWER)).status_code == 403
    assert send(door, token(door, "other", reach=reach_of("github/acme/other"))).status_code == 404
    assert send(door, token(door, "qa", reach=reach_of(SHOP, "qa"))).status_code == 404
    assert files_kept(door) == 0


@pytest.mark.parametrize(
    ("change", "code", "parameter"),
    [
        ({"files": ""}, 400, "files"),
        ({"files": "!"}, 400, "files"),
        ({"files": 1}, 400, "files"),
        ({"word": "plan"}, 400, "word"),
        ({"environment": ""}, 400, "environment"),
        ({"environment": "nowhere"}, 404, ""),
        ({"files": "A" * (6 << 20)}, 413, ""),
    ],
)
def test_what_cannot_be_planned_is_refused(door: FrontDoor, change: dict[str, Any], code: int, parameter: str) -> None:
    """In a sentence that names the field."""
    refused = send(door, token(door), {**WISH, **change})
    assert (refused.status_code, refused.json().get("parameter", "")) == (code, parameter)
    assert files_kept(door) == 0


def test_a_token_sends_so_much_at_a_time(door: FrontDoor) -> None:
    """It fills no store; another token is not kept waiting, and what needs no files is asked all the same."""
    mine = token(door)
    sent = [send(door, mine) for _ in range(questions.MOST_WITH_FILES + 1)]
    assert [each.status_code for each in sent] == [*[202] * questions.MOST_WITH_FILES, 429]
    assert sent[-1].headers["Retry-After"] == "3"
    assert send(door, token(door, "other")).status_code == 202
    drift = {"word": "drift", "repository": SHOP, "environment": "staging"}
    assert requests.post(f"{door.url}/api/v1/questions", json=drift, headers=mine, timeout=60).status_code == 202
