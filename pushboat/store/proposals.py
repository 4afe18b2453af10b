"""Proposals: which open pull requests ask about which contexts of a commit, and what each has been told so far.

Whatever changes here says what commits are to show from then on; announcing.py puts that into the outbox. The caller
has locked the repository, so that of two answers that come at once one sees the other.
"""

from collections.abc import Collection

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model.deployment import Deployment
from pushboat.model.plan_summary import CONTEXT, summarise
from pushboat.model.proposal import Answer, left, together
from pushboat.model.state import Kind, State
from pushboat.model.status import FILE_CONTEXT, Status, context, of
from pushboat.store.database.schema import deployments, lanes, proposals, pull_requests
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.deployments import SELECTED, read_all

Shown = tuple[str, Status]
"""A commit, and what it is to show."""

QUIET = 10.0
"""Seconds after the last move of a base or an environment until it is planned again: moves come in bursts."""

AFTER_AN_OUTAGE = 600.0
"""Seconds after which what could not be planned is tried again, though nothing has moved."""

_ASK = sa.text(
    "INSERT INTO proposal (repository, number, sha, context, base, asked_at) "
    "VALUES (:repository, :number, :sha, :context, :base, :now) "
    "ON CONFLICT (repository, number, sha, context) DO UPDATE SET base = :base, asked_at = :now, "
    "plan = 0, again_at = 0"
)
_ANSWER = sa.text(
    "UPDATE proposal SET state = :state, description = :description, path = :path, ref = :ref "
    "WHERE repository = :repository AND number = :number AND sha = :sha AND context = :context AND plan = :plan"
)


def ask(
    tx: Transaction, repository: str, number: int, sha: str, contexts: Collection[str], base: str, *, more: bool
) -> list[Shown]:
    """Let a proposal ask about these contexts of a commit from now on, and of its other ones no more.

    `more`: what it asks about this very commit already it goes on asking, but for its file: what is planned has one
    without mistakes. A merge queue makes heads one after the
    other, and news of them come in any order: each asks for itself, until it is said to be gone.
    """
    if more and not _of_number(tx, repository, number):
        _take_over(tx, repository, number, sha)
    gone = [
        row
        for row in _of_number(tx, repository, number)
        if (number > 0 if row["sha"] != sha else row["context"] not in contexts)
        and not (more and row["sha"] == sha and row["context"] != FILE_CONTEXT)
    ]
    asked = {"repository": repository, "number": number, "sha": sha, "base": base, "now": tx.now}
    tx.change_each(_ASK, [{**asked, "context": name} for name in contexts])
    return _forget(tx, gone, mended=True)


def withdraw(tx: Transaction, repository: str, number: int, *, merged: bool, only: str = "") -> list[Shown]:
    """Let a proposal ask about nothing any more, or not about one commit."""
    gone = [row for row in _of_number(tx, repository, number) if only in ("", row["sha"])]
    return _forget(tx, gone, merged=merged)


def begin(tx: Transaction, plan: Deployment) -> None:
    """Let a plan answer for its environment from now on, instead of the one before."""
    of_it = {"repository": plan.lane.repository, "number": plan.lane.number, "sha": plan.sha, "context": context(plan)}
    tx.change(_ASK, **of_it, base=plan.base, now=tx.now)
    row = sa.and_(*(proposals.c[name] == value for name, value in of_it.items()))
    tx.change(sa.update(proposals).where(row).values(plan=plan.id))


def answering(tx: Transaction, repository: str, number: int, sha: str) -> dict[str, int]:
    """Give the plans that answer for a proposal's commit, by environment; 0: none does."""
    rows = [row for row in _of_number(tx, repository, number) if row["sha"] == sha]
    return {row["context"].removeprefix(f"{CONTEXT}/"): int(row["plan"]) for row in rows}


def answered(
    tx: Transaction, repository: str, number: int, sha: str, status: Status, plan: int = 0, *, quiet: bool = False
) -> Status | None:
    """Note what a proposal is told, and give what its commit shows then; None where that stays as it is.

    `quiet`: what is shown already is not told again, nor where another page says the same.
    """
    before = together(_answers(tx, repository, sha, status.context))
    told = {"state": status.state.value, "description": status.description, "path": status.path, "ref": status.ref}
    of_it = {"repository": repository, "number": number, "sha": sha, "context": status.context}
    if not tx.change(_ANSWER, **told, **of_it, plan=plan):
        return None if _is_known(tx, repository, number) else status
    answers = _answers(tx, repository, sha, status.context)
    shown = together(answers)
    if quiet and shown and before and (shown.state, shown.description) == (before.state, before.description):
        return None
    return None if shown == before and len(answers) > 1 else shown


def summed_up(tx: Transaction, ended: Deployment) -> Status | None:
    """Sum up the plans that answer for a proposal; None where one has not ended, or this one is none of them."""
    repository, number = ended.lane.repository, ended.lane.number
    if not _is_known(tx, repository, number):
        return summarise(_of_before(tx, repository, number, ended.sha))
    rows = _of_number(tx, repository, number)
    ids = [row["plan"] for row in rows if row["plan"] and row["sha"] == ended.sha]
    if ended.id not in ids:
        return None
    return summarise(read_all(tx, tx.rows(SELECTED.where(deployments.c.id.in_(ids)))))


def _of_before(tx: Transaction, repository: str, number: int, sha: str) -> list[Deployment]:
    """List the newest plan for each environment of a commit whose proposal was begun before there was the table."""
    plans = SELECTED.where(
        lanes.c.repository == repository,
        lanes.c.number == number,
        deployments.c.kind == Kind.PLAN,
        deployments.c.sha == sha,
    )
    found = read_all(tx, tx.rows(plans.order_by(deployments.c.id)))
    return list({plan.lane.environment: plan for plan in found}.values())


def _take_over(tx: Transaction, repository: str, number: int, sha: str) -> None:
    """Let a proposal of before go on asking what the newest plans of its commit answered."""
    for plan in _of_before(tx, repository, number, sha):
        begin(tx, plan)
        said = of(plan)
        told = {"state": said.state.value, "description": said.description, "path": said.path, "ref": said.ref}
        of_it = {"repository": repository, "number": number, "sha": sha, "context": said.context}
        tx.change(_ANSWER, **told, **of_it, plan=plan.id)


def note(tx: Transaction, repository: str, sha: str, status: Status) -> Status | None:
    """Remember what is wrong with a pushed commit until it is mended, and give what it shows."""
    tx.change(_ASK, repository=repository, number=0, sha=sha, context=status.context, base="", now=tx.now)
    return answered(tx, repository, 0, sha, status)


def mend(tx: Transaction, repository: str, sha: str, spoken_for: Collection[str], only: str = "") -> list[Shown]:
    """Take back what was wrong with a pushed commit; `spoken_for` are contexts that deployments speak under again."""
    rows = [row for row in _of_number(tx, repository, 0) if row["sha"] == sha and only in ("", row["context"])]
    return [shown for shown in _forget(tx, rows, mended=True) if shown[1].context not in spoken_for]


def base_moved(tx: Transaction, repository: str, branch: str) -> None:
    """Let what would be merged into a branch be planned again, a while after it has moved last."""
    moved = sa.and_(proposals.c.repository == repository, proposals.c.base == branch)
    _plan_again(tx, moved)


def met_an_outage(tx: Transaction, plan: Deployment) -> None:
    """Let a plan that could not be made be tried again later: its proposal is not what is wrong."""
    it = sa.and_(proposals.c.plan == plan.id, proposals.c.number > 0, proposals.c.again_at == 0)
    tx.change(sa.update(proposals).where(it).values(again_at=tx.now + AFTER_AN_OUTAGE))


def environment_moved(tx: Transaction, repository: str, environment: str) -> None:
    """Let what is planned for an environment be planned again: something else runs there now."""
    moved = sa.and_(proposals.c.repository == repository, proposals.c.context == f"{CONTEXT}/{environment}")
    _plan_again(tx, moved)


def _plan_again(tx: Transaction, moved: sa.ColumnElement[bool]) -> None:
    # One without a plan is of an environment that its merge would have left as it was.
    unplanned = sa.and_(proposals.c.state == State.SUCCEEDED, proposals.c.context.startswith(f"{CONTEXT}/"))
    asked = sa.select(proposals.c.id).where(moved, sa.or_(proposals.c.plan != 0, unplanned), proposals.c.number > 0)
    # In one order, whoever marks them: a base and an environment may move at the same moment.
    ids = [row["id"] for row in tx.rows(asked.order_by(proposals.c.id).with_for_update())]
    if ids:
        # One whose time has come waits for its turn already, and keeps it: what moves all the time comes to it, too.
        turn = sa.case((_is_due(tx), proposals.c.again_at), else_=tx.now + QUIET)
        tx.change(sa.update(proposals).where(proposals.c.id.in_(ids)).values(again_at=turn))


def _is_due(tx: Transaction) -> sa.ColumnElement[bool]:
    return sa.and_(proposals.c.again_at > 0, proposals.c.again_at <= tx.now)


def _forget(tx: Transaction, rows: Collection[Row], *, merged: bool = False, mended: bool = False) -> list[Shown]:
    """Let go of what is not asked any more, and say what the commits show that it was asked about."""
    found: list[Shown] = []
    for row in rows:
        before = together(_answers(tx, row["repository"], row["sha"], row["context"]))
        tx.change(sa.delete(proposals).where(proposals.c.id == row["id"]))
        others = together(_answers(tx, row["repository"], row["sha"], row["context"]))
        shown = others or left(_answer(row), merged=merged, mended=mended)
        if shown and shown != before:
            found.append((row["sha"], shown))
    return found


def _answers(tx: Transaction, repository: str, sha: str, name: str) -> list[Answer]:
    asked = sa.select(proposals).where(
        proposals.c.repository == repository,
        proposals.c.sha == sha,
        proposals.c.context == name,
        proposals.c.state != "",
    )
    return [_answer(row) for row in tx.rows(asked.order_by(proposals.c.number))]


def _answer(row: Row) -> Answer:
    status = Status(
        context=row["context"],
        state=later_words.read(State, row["state"] or State.QUEUED),
        description=row["description"],
        path=row["path"],
        ref=row["ref"],
    )
    return Answer(number=row["number"], status=status)


def _of_number(tx: Transaction, repository: str, number: int) -> list[Row]:
    asked = sa.select(proposals).where(proposals.c.repository == repository, proposals.c.number == number)
    return list(tx.rows(asked.order_by(proposals.c.id)))


def _is_known(tx: Transaction, repository: str, number: int) -> bool:
    """Say whether a proposal asks about something, or was closed; neither is known of those from before the table."""
    closed = sa.select(pull_requests.c.closed).where(
        pull_requests.c.repository == repository, pull_requests.c.number == number
    )
    return bool(_of_number(tx, repository, number)) or bool(tx.scalar(closed))
