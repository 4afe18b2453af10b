"""However many questions somebody asks of a cluster, whoever else asks is answered next but one."""

from collections.abc import Iterator

import pytest
import requests

from pushboat.model.api_token import Role
from pushboat.model.question import Question, Told
from pushboat.model.reach import EVERYTHING, Reach, reach_of
from pushboat.model.sent_files import FILE, SentFile, packed
from pushboat.store import api_tokens, questions
from tests.dashboard.signing_in import OTHER, SHOP, Room

SEATS = 4


class Askers:
    """Tokens, and what they ask of the one cluster that there is."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.made = 0

    def token(self, reach: Reach, role: Role = Role.VIEWER) -> str:
        """Make one."""
        self.made += 1
        return api_tokens.create(self.room.door.store, f"t{self.made}", reach, role, 3600.0, "root")[1]

    def ask(self, token: str, repository: str) -> int:
        """Ask what drifted; give the answer's code."""
        form = {"word": "drift", "repository": repository, "environment": "staging"}
        headers = {"Authorization": f"Bearer {token}"}
        return requests.post(
            f"{self.room.door.url}/api/v1/questions", json=form, headers=headers, timeout=60
        ).status_code

    def send(self, token: str, repository: str) -> int:
        """Send a work tree to be planned; give the answer's code."""
        files = packed([SentFile(path="deploy/a.yaml", mode=FILE, content=b"a: 1")])
        form = {"repository": repository, "environment": "staging", "files": files}
        headers, url = {"Authorization": f"Bearer {token}"}, f"{self.room.door.url}/api/v1/plans"
        return requests.post(url, json=form, headers=headers, timeout=60).status_code

    def claim(self) -> Question | None:
        """Take a question as a worker does."""
        return questions.claim(self.room.door.store, "dev")

    def answered(self) -> Iterator[Question]:
        """Answer one after the other, until none waits."""
        while held := self.claim():
            assert questions.answer(self.room.door.store, held, Told())
            yield held


@pytest.fixture
def askers(room: Room) -> Askers:
    """Whoever asks."""
    return Askers(room)


def test_many_tokens_of_one_repository_keep_no_other_one_waiting(askers: Askers) -> None:
    """They fill a quarter of what may wait; then they are refused and others are not, and are answered second."""
    attack = [askers.token(reach_of(SHOP)) for _ in range(15)]
    codes = [askers.ask(token, SHOP) for token in attack for _ in range(questions.MOST_OPEN)]
    assert codes.count(202) == questions.MOST_OPEN_OF_ONE_REPOSITORY
    assert set(codes[questions.MOST_OPEN_OF_ONE_REPOSITORY :]) == {429}
    assert askers.ask(askers.token(reach_of(OTHER)), OTHER) == 202
    order = [held.reach.only for held in askers.answered()]
    assert order.index(OTHER) == 1
    assert len(order) == questions.MOST_OPEN_OF_ONE_REPOSITORY + 1


def test_work_trees_of_one_repository_leave_room_for_others(askers: Askers) -> None:
    """They lie in the store until they are planned: of one repository fewer than there may be."""
    attack = [askers.token(reach_of(SHOP), Role.DEPLOYER) for _ in range(10)]
    codes = [askers.send(token, SHOP) for token in attack for _ in range(questions.MOST_WITH_FILES)]
    assert codes.count(202) == questions.MOST_WITH_FILES_OF_ONE_REPOSITORY < questions.MOST_WITH_FILES_IN_ALL
    assert askers.send(askers.token(reach_of(OTHER), Role.DEPLOYER), OTHER) == 202


def test_a_token_that_asks_much_keeps_no_other_of_its_repository_waiting(askers: Askers) -> None:
    """Whoever asks takes turns: the first question of one comes before the second of another."""
    busy, quiet = askers.token(reach_of(SHOP)), askers.token(EVERYTHING)
    for _ in range(questions.MOST_OPEN):
        assert askers.ask(busy, SHOP) == 202
    assert askers.ask(quiet, SHOP) == 202
    numbers = [held.id for held in askers.answered()]
    assert numbers[:2] == [1, questions.MOST_OPEN + 1]
    assert numbers[2:] == list(range(2, questions.MOST_OPEN + 1))


def test_slow_answers_to_one_repository_leave_a_seat_to_others(askers: Askers) -> None:
    """A worker has four at a cluster; three are the most that one repository holds, and the fourth is not idle long."""
    token = askers.token(reach_of(SHOP))
    for _ in range(questions.MOST_OPEN):
        assert askers.ask(token, SHOP) == 202
    held = [askers.claim() for _ in range(SEATS)]
    assert sum(each is not None for each in held) == questions.AT_ONCE < SEATS
    assert askers.ask(askers.token(reach_of(OTHER)), OTHER) == 202
    other = askers.claim()
    assert other is not None
    assert other.reach.only == OTHER
    assert askers.claim() is None
    assert held[0] is not None
    assert questions.answer(askers.room.door.store, held[0], Told())
    assert askers.claim() is not None
