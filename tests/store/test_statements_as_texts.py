"""A statement that is written as text says to the database what it always said, whichever way it gets there."""

import sqlalchemy as sa

from pushboat.model.state import State
from pushboat.store.database.engine import Store

TEXTS = ["a text", "ünd", "it's 50% :so", "", None, State.QUEUED]


def test_values_come_back_as_they_went(store: Store) -> None:
    """Numbers, texts and nothing, each in its own place, and one that is named twice."""
    asked = sa.text("SELECT CAST(:text AS VARCHAR) AS a, CAST(:number AS INTEGER) AS b, CAST(:text AS VARCHAR) AS c")
    with store.reading() as tx:
        for text in TEXTS:
            (row,) = tx.rows(asked, number=7, text=text)
            assert dict(row) == {"a": text, "b": 7, "c": text}
        assert tx.row(asked, text="x", number=None) == {"a": "x", "b": None, "c": "x"}


def test_what_only_looks_like_a_value_is_none(store: Store) -> None:
    """Colons and per cents of the text itself stay what they are, with values beside them and without."""
    with store.reading() as tx:
        assert tx.scalar(sa.text(r"SELECT 'at 5% \:not'")) == "at 5% :not"
        assert tx.scalar(sa.text(r"SELECT 'at 5% \:not' WHERE 1 = :one"), one=1) == "at 5% :not"


def test_one_text_with_one_value_and_with_many(store: Store) -> None:
    """A list is written into the text as long as it is, a default counts where nothing is given."""
    many = sa.bindparam("numbers", expanding=True)
    known = sa.text("SELECT count(*) FROM deployment WHERE id IN :numbers").bindparams(many)
    usual = sa.text("SELECT CAST(:word AS VARCHAR)").bindparams(sa.bindparam("word", "usual"))
    with store.reading() as tx:
        for numbers in ([1], (1, 2, 3), [], {4, 5}):
            assert tx.scalar(known, numbers=list(numbers)) == 0
        assert [tx.scalar(usual), tx.scalar(usual, word="other"), tx.scalar(usual)] == ["usual", "other", "usual"]


def test_a_change_says_how_many_rows_it_touched(store: Store) -> None:
    """Also where that is none; a character that no database takes becomes one that it does."""
    put = sa.text("INSERT INTO sticky_mark (repository, number, at) VALUES (:repository, 7, :now)")
    gone = sa.text("DELETE FROM sticky_mark WHERE repository = :repository")
    with store.writing() as tx:
        assert tx.change(put, repository="a\0", now=tx.now) == 1
        assert tx.scalar(sa.text("SELECT repository FROM sticky_mark")) == "a\ufffd"
        assert [tx.change(gone, repository="a\0") for _ in range(2)] == [1, 0]
