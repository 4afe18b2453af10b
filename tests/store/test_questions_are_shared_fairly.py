"""Who asks much keeps nobody waiting who asks little, and a cluster that hangs nobody who asks about another."""

import pytest

from pushboat.model.question import Asker, Question, Told
from pushboat.model.reach import reach_of
from pushboat.store import questions
from pushboat.store.database.engine import Store
from pushboat.store.questions import KEPT_FREE, MOST_OPEN, MOST_OPEN_IN_ALL, MOST_OPEN_OF_A_CLUSTER, TooMany

REACH = reach_of("github/acme/shop", "staging")


def ask(store: Store, number: int, cluster: str = "dev") -> int:
    """Ask with a token of this number."""
    return questions.ask(
        store, Asker(token=number, who=f"token {number}"), "drift", reach_of(f"github/acme/{number}"), cluster, {}
    )


def taken(store: Store, cluster: str = "dev") -> Question:
    """Let a worker take the next one."""
    held = questions.claim(store, cluster)
    assert held
    return held


def test_who_asks_little_waits_for_one_of_somebody_elses(store: Store) -> None:
    """Somebody asks eight things at once; my one question waits for the first of them, not for all."""
    for _ in range(MOST_OPEN):
        ask(store, 1)
    first = taken(store)
    ask(store, 2)
    questions.answer(store, first, Told())
    assert [taken(store).asker.token for _ in range(3)] == [2, 1, 1]


def test_people_on_pages_are_told_apart(store: Store) -> None:
    """None of them has a token, and none of them counts for another."""
    for person in ("ada", "eve"):
        for _ in range(MOST_OPEN):
            questions.ask(store, Asker(who=person), "rollback", REACH, "dev", {})
        with pytest.raises(TooMany):
            questions.ask(store, Asker(who=person), "rollback", REACH, "dev", {})


def test_one_cluster_does_not_fill_the_house(store: Store) -> None:
    """It hangs, and everybody asks about it: about another one is asked all the same."""
    for number in range(MOST_OPEN_OF_A_CLUSTER // MOST_OPEN):
        for _ in range(MOST_OPEN):
            ask(store, number)
    ask(store, 999)  # who has nothing open is let in
    with pytest.raises(TooMany, match="of this cluster"):
        ask(store, 999)
    ask(store, 999, "production")


def test_a_full_house_keeps_some_seats_for_those_who_have_none(store: Store) -> None:
    """Askers of many clusters fill it; I ask my first question, and then wait like everybody."""
    for number in range(MOST_OPEN_IN_ALL // MOST_OPEN):
        for place in range(MOST_OPEN):
            ask(store, number, f"cluster {place}")
    ask(store, 999, "mine")
    with pytest.raises(TooMany, match="more questions wait"):
        ask(store, 999, "mine")
    for number in range(1000, 1000 + KEPT_FREE - 1):
        ask(store, number, f"cluster {number}")
    with pytest.raises(TooMany):
        ask(store, 2000, "another")
