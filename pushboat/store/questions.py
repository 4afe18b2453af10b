"""Questions of clusters: asked through the API, answered by one worker at a time, and forgotten after minutes.

They are bounded for each token and in all: a question costs a cluster some requests, and whoever asks waits for it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pushboat.errors import Unavailable
from pushboat.model.question import ANSWER_WITHIN, KEPT, LONGEST_ANSWER, Asker, Question, Told
from pushboat.model.reach import Reach, reach_of
from pushboat.store.database.engine import Store
from pushboat.store.database.token_tables import questions
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.database.unheld import unheld
from pushboat.store.turns import is_free

MOST_OPEN = 8
"""Questions of one token that wait for their answers."""
MOST_A_MINUTE = 120
MOST_OPEN_IN_ALL = 400
MOST_OPEN_OF_A_CLUSTER = 200
"""One that hangs, and of which everybody asks, leaves room for the others."""
KEPT_FREE = 100
"""Beyond all that, for those who have nothing open yet: they are not kept out by those who ask much."""
MOST_OPEN_OF_ONE_REPOSITORY = 100
"""However many tokens there are for it, the others find room."""
AT_ONCE = 3
"""Questions of one repository that are answered at once at one cluster: fewer than a worker has seats there."""
MOST_WITH_FILES, MOST_WITH_FILES_OF_ONE_REPOSITORY, MOST_WITH_FILES_IN_ALL = 2, 8, 20
"""Open ones of one token, of one repository and of all that brought files: those lie in the store until they are
answered."""
LEASE = 60.0
"""Seconds, in which nobody else begins to answer."""
HINT_AGAIN = 3.0
"""Seconds; a message on the broker is only a hint, so a lost one is sent again."""

_LATELY = f"asked_at > :now - {ANSWER_WITHIN} AND asked_at <= :far"
_OPEN = f"answered_at IS NULL AND {_LATELY}"
_MINE = sa.text(f"SELECT count(*) FROM question WHERE token_id = :token AND who = :who AND {_OPEN}")  # noqa: S608 - constants only
_MINE_LATELY = sa.text("SELECT count(*) FROM question WHERE token_id = :token AND who = :who AND asked_at > :now - 60")
_ALL = sa.text(f"SELECT count(*) FROM question WHERE {_OPEN}")  # noqa: S608
_OF_A_CLUSTER = sa.text(f"SELECT count(*) FROM question WHERE cluster = :cluster AND {_OPEN}")  # noqa: S608
_OF_ONE_REPOSITORY = sa.text(f"SELECT count(*) FROM question WHERE repository = :repository AND {_OPEN}")  # noqa: S608
_MINE_WITH_FILES = sa.text(
    f"SELECT count(*) FROM question WHERE token_id = :token AND who = :who AND files IS NOT NULL AND {_OPEN}"  # noqa: S608
)
_OF_ONE_REPOSITORY_WITH_FILES = sa.text(
    f"SELECT count(*) FROM question WHERE repository = :repository AND files IS NOT NULL AND {_OPEN}"  # noqa: S608
)
_ALL_WITH_FILES = sa.text(f"SELECT count(*) FROM question WHERE files IS NOT NULL AND {_OPEN}")  # noqa: S608
_WAITS = f"{_OPEN} AND {is_free('question')}"
_DUE = sa.text(
    f"SELECT DISTINCT cluster FROM question WHERE {_WAITS} "  # noqa: S608
    f"AND (hint_at <= :now - {HINT_AGAIN} OR hint_at > :far) ORDER BY cluster"
)
_HINTED = unheld(
    "UPDATE question SET hint_at = :now", "question", "id", "cluster IN :clusters AND answered_at IS NULL", "clusters"
)
_CLAIM = sa.text(
    f"""
WITH turns AS (
    SELECT id, repository, row_number() OVER (PARTITION BY token_id, who ORDER BY id) AS turn,
        CASE WHEN answered_at IS NULL THEN 1 ELSE 0 END AS waits,
        CASE WHEN answered_at IS NULL AND NOT {is_free("question")} THEN 1 ELSE 0 END AS taken
    FROM question WHERE {_LATELY} AND cluster = :cluster
), places AS (
    SELECT id, waits, taken, row_number() OVER (PARTITION BY repository ORDER BY turn, id) AS place,
        sum(taken) OVER (PARTITION BY repository) AS busy
    FROM turns
)
UPDATE question SET fence = fence + 1, lease_until = :until WHERE {_WAITS} AND id = (
    SELECT id FROM places WHERE waits = 1 AND taken = 0 AND busy < {AT_ONCE} ORDER BY place, id LIMIT 1
) RETURNING *
"""  # noqa: S608
)
"""The first question of each repository, in turns of those who ask, comes before the second one of any. What was asked
lately counts also where it is answered: else whoever always asks again would always be the first."""
_ANSWER = sa.text(
    "UPDATE question SET answered_at = :now, answer = :answer, files = NULL "
    "WHERE id = :id AND fence = :fence AND answered_at IS NULL"
)
_OLD = f"asked_at <= :now - {KEPT} OR asked_at > :far"
_ANY_OLD = sa.text(f"SELECT 1 FROM question WHERE {_OLD} LIMIT 1")  # noqa: S608
_LEFT = f"files IS NOT NULL AND asked_at <= :now - {ANSWER_WITHIN}"
_ANY_LEFT = sa.text(f"SELECT 1 FROM question WHERE {_LEFT} LIMIT 1")  # noqa: S608
_DROP = unheld("UPDATE question SET files = NULL", "question", "id", _LEFT)
_FORGET = unheld("DELETE FROM question", "question", "id", _OLD)


class TooMany(Unavailable):
    """There are more questions than we let wait."""


def ask(
    store: Store,
    asker: Asker,
    word: str,
    reach: Reach,
    cluster: str,
    arguments: Mapping[str, str],
    files: bytes = b"",
) -> int:
    """Keep a question for whoever answers it, with the files that it is about, and give its number.

    Raises:
        TooMany: this token has asked too much, or all of them together.
    """
    with store.writing() as tx:
        clock = {"now": tx.now, "far": tx.far}
        mine = {"token": asker.token, "who": asker.who}
        open_ones = tx.scalar(_MINE, **mine, **clock)
        if open_ones >= MOST_OPEN:
            raise TooMany(f"{MOST_OPEN} questions of this token wait for answers: ask again after them", retry_after=2)
        if tx.scalar(_MINE_LATELY, **mine, now=tx.now) >= MOST_A_MINUTE:
            raise TooMany(f"a token may ask {MOST_A_MINUTE} questions a minute: ask again later", retry_after=20)
        free = 0 if open_ones else KEPT_FREE
        if tx.scalar(_ALL, **clock) >= MOST_OPEN_IN_ALL + free:
            raise TooMany("more questions wait than are answered: ask again later", retry_after=10)
        if tx.scalar(_OF_A_CLUSTER, cluster=cluster, **clock) >= MOST_OPEN_OF_A_CLUSTER + free:
            raise TooMany("more questions of this cluster wait than are answered: ask later", retry_after=10)
        if tx.scalar(_OF_ONE_REPOSITORY, repository=reach.only, **clock) >= MOST_OPEN_OF_ONE_REPOSITORY:
            raise TooMany("more questions about this repository wait than are answered: ask later", retry_after=10)
        if files:
            _refuse_many_files(tx, mine, reach.only)
        return int(
            tx.scalar(
                sa.insert(questions).returning(questions.c.id),
                token_id=asker.token,
                word=word,
                who=asker.who,
                repository=reach.only,
                environment=reach.environment,
                cluster=cluster,
                arguments=json.dumps(dict(arguments)),
                asked_at=tx.now,
                files=files or None,
            )
        )


def _refuse_many_files(tx: Transaction, mine: Mapping[str, Any], repository: str) -> None:
    clock = {"now": tx.now, "far": tx.far}
    if tx.scalar(_MINE_WITH_FILES, **mine, **clock) >= MOST_WITH_FILES:
        raise TooMany(f"files of {MOST_WITH_FILES} plans of this token wait: send others after them", retry_after=3)
    if tx.scalar(_OF_ONE_REPOSITORY_WITH_FILES, repository=repository, **clock) >= MOST_WITH_FILES_OF_ONE_REPOSITORY:
        raise TooMany("files of many plans of this repository wait: send others after them", retry_after=5)
    if tx.scalar(_ALL_WITH_FILES, **clock) >= MOST_WITH_FILES_IN_ALL:
        raise TooMany("files of more plans wait than are made: send them later", retry_after=10)


def find(store: Store, number: int) -> Question | None:
    """Look up one question."""
    with store.reading() as tx:
        row = tx.row(sa.select(questions).where(questions.c.id == number))
    return _read(row) if row else None


def due_clusters(store: Store) -> list[str]:
    """Name the clusters of which something is asked that nobody answers yet, and nobody was told of lately."""
    with store.reading() as tx:
        return [str(row["cluster"]) for row in tx.rows(_DUE, now=tx.now, far=tx.far)]


def hinted(store: Store, clusters: Sequence[str]) -> None:
    """Remember that workers were told of these."""
    if clusters:
        with store.writing() as tx:
            tx.change(_HINTED[tx.postgres], now=tx.now, clusters=list(clusters))


def claim(store: Store, cluster: str) -> Question | None:
    """Take the question about a cluster whose turn it is: nobody waits for all of somebody else's; None for none."""
    with store.writing() as tx:
        row = tx.row(_CLAIM, cluster=cluster, now=tx.now, far=tx.far, until=tx.now + LEASE)
        return _read(row) if row else None


def answer(store: Store, question: Question, told: Told) -> bool:
    """Write an answer down, unless somebody else has; one that is too long is said to be."""
    text = _written(told)
    if len(text.encode()) > LONGEST_ANSWER:
        text = _written(Told(code=3, said=(("✗", "the answer is longer than is kept: ask on the server's machine"),)))
    with store.writing() as tx:
        return tx.change(_ANSWER, id=question.id, fence=question.fence, now=tx.now, answer=text) == 1


def forget(store: Store) -> None:
    """Forget what was asked minutes ago, with its answers, and files as soon as nobody answers about them any more."""
    with store.reading() as tx:
        any_old = tx.row(_ANY_OLD, now=tx.now, far=tx.far) is not None
        any_left = tx.row(_ANY_LEFT, now=tx.now) is not None
    if any_old or any_left:
        with store.writing() as tx:
            tx.change(_FORGET[tx.postgres], now=tx.now, far=tx.far)
            tx.change(_DROP[tx.postgres], now=tx.now)


def _written(told: Told) -> str:
    return json.dumps({"code": told.code, "form": told.form, "lines": told.lines, "said": told.said})


def _read(row: Row) -> Question:
    said = json.loads(row["answer"]) if row["answer"] else None
    told = said and Told(
        code=said["code"],
        form=said["form"],
        lines=tuple(said["lines"]),
        said=tuple((glyph, sentence) for glyph, sentence in said["said"]),
    )
    return Question(
        id=row["id"],
        word=row["word"],
        asker=Asker(token=row["token_id"], who=row["who"]),
        reach=reach_of(row["repository"], row["environment"]),
        cluster=row["cluster"],
        arguments=json.loads(row["arguments"]),
        asked_at=row["asked_at"],
        answered_at=row["answered_at"],
        told=told,
        fence=row["fence"],
        files=bytes(row["files"] or b""),
    )
