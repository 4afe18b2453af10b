"""Whose question is answered next, where several ask of one cluster."""

from collections.abc import Sequence

import sqlalchemy as sa

from pushboat.model.question import Told
from pushboat.store import questions
from pushboat.store.database.engine import Store
from pushboat.store.database.token_tables import questions as table


def asked(store: Store, *askers: tuple[int, str], ago: float = 0.0) -> None:
    """Keep a question of each of these tokens, about a repository."""
    with store.writing() as tx:
        for token, repository in askers:
            tx.change(
                sa.insert(table),
                token_id=token,
                word="drift",
                who=f"token {token}",
                repository=repository,
                environment="staging",
                cluster="dev",
                arguments="{}",
                asked_at=tx.now - ago,
            )


def answered(store: Store) -> Sequence[int]:
    """Answer until none waits, and give their numbers in that order."""
    numbers = []
    while held := questions.claim(store, "dev"):
        assert questions.answer(store, held, Told())
        numbers.append(held.id)
    return numbers


def test_repositories_take_turns_and_tokens_within_them(store: Store) -> None:
    """The first of each, then the second of each; of one repository the first of each token before a second."""
    asked(store, (1, "a"), (1, "a"), (1, "a"), (2, "a"), (3, "b"), (3, "b"), (4, ""))
    assert answered(store) == [1, 5, 7, 4, 6, 2, 3]


def test_who_was_answered_lately_comes_after_who_was_not(store: Store) -> None:
    """Asking again at once is no way to the front; what was asked long ago counts no more."""
    asked(store, *[(1, "a")] * 3)
    assert answered(store) == [1, 2, 3]
    asked(store, (1, "a"), (2, "b"))
    assert answered(store) == [5, 4]


def test_a_lease_that_ended_is_no_seat(store: Store) -> None:
    """A worker that died keeps no repository waiting: its questions are taken again."""
    asked(store, *[(1, "a")] * 5)
    held = [questions.claim(store, "dev") for _ in range(4)]
    assert [each and each.id for each in held] == [1, 2, 3, None]
    with store.writing() as tx:
        tx.change(sa.update(table).where(table.c.id == 2), lease_until=tx.now - 1)
    again = questions.claim(store, "dev")
    assert again is not None
    assert (again.id, again.fence) == (2, 2)
    assert questions.claim(store, "dev") is None
