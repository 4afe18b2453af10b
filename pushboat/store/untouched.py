"""Environments that a commit leaves untouched: each gets its row, green at once, and nobody is sent to carry it out.

Whether they still stand is asked once more, in the transaction that writes the rows, for all of them together: what is
to be deployed after all takes the way of every deployment. A few are told one by one beside the commit, many in one
line, since a forge takes some hundred writes a minute.
"""

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, short
from pushboat.model.hold import Hold
from pushboat.model.state import State
from pushboat.model.status import FILE_CONTEXT, Status, clip
from pushboat.routing import Decision, Deploy
from pushboat.store.announcing import announce, announce_status
from pushboat.store.database.schema import deployments, holds
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, read_all
from pushboat.store.footprints import REPEATED, STANDING, Commit, condition
from pushboat.store.needing import NEEDS
from pushboat.store.sticky_marks import mark_concerned
from pushboat.store.superseding import tell_who_needs

FEW = 20
"""Environments that are told each by itself; more of them share a line."""


def _many(statement: str, *names: str) -> sa.TextClause:
    return sa.text(statement).bindparams(*(sa.bindparam(name, expanding=True) for name in names))


_LOCK = _many(
    "SELECT id FROM lane WHERE repository = :repository AND number = 0 AND environment IN :environments "
    "ORDER BY id FOR UPDATE",
    "environments",
)
_STAND = _many(f"SELECT l.id, l.environment, d.id AS last {STANDING}", "causes")
_MOVE_ON = _many(
    "UPDATE lane SET seq = seq + 1, deployed_seq = seq + 1, deployed_sha = :sha WHERE id IN :lanes", "lanes"
)
_REPEAT = _many(
    "INSERT INTO deployment (lane_id, seq, kind, ref, sha, author, cause, delivery_id, state, reason, created_at, "
    "started_at, finished_at, unchanged, url, same_as) "
    "SELECT l.id, l.seq, d.kind, :ref, :sha, :author, :cause, :delivery, 'succeeded', "
    "'unchanged, same tree as ' || substr(o.sha, 1, 7), :now, :now, :now, "
    "d.created + d.configured + d.recreated + d.unchanged, d.url, o.id "
    "FROM footprint f JOIN lane l ON l.id = f.lane_id JOIN deployment d ON d.id = f.deployment_id "
    "JOIN deployment o ON o.id = f.origin WHERE l.id IN :lanes ORDER BY l.environment RETURNING id, lane_id",
    "lanes",
)
# ruff: noqa: S608 - the statements are put together from constants only
_MADE = "n.id BETWEEN :first AND :last AND n.delivery_id = :delivery AND n.same_as > 0"
"""Those that `_REPEAT` made just now, `n`: two thousand numbers in a list cost more than what is done with them."""
_RELEASE = sa.text(
    "INSERT INTO release (deployment_id, lane_id, number, digest, render_id, place) "
    "SELECT n.id, n.lane_id, r.number + 1, r.digest, r.render_id, r.place FROM deployment n "
    f"JOIN footprint f ON f.lane_id = n.lane_id JOIN release r ON r.deployment_id = f.deployment_id WHERE {_MADE}"
)
_COMPARED = sa.text(  # what it was compared with is what runs still
    "UPDATE inspection SET deployment = n.id, release = r.number FROM deployment n JOIN lane l ON l.id = n.lane_id "
    "JOIN footprint f ON f.lane_id = l.id JOIN release r ON r.deployment_id = n.id "
    f"WHERE {_MADE} AND inspection.repository = l.repository AND inspection.environment = l.environment "
    "AND inspection.deployment = f.deployment_id"
)
_ORIGINS = sa.text(
    "SELECT DISTINCT o.sha FROM deployment d JOIN deployment o ON o.id = d.same_as "
    "WHERE d.delivery_id = :delivery LIMIT 2"
)
_TRUE_OF = sa.text(
    f"UPDATE footprint SET deployment_id = n.id FROM deployment n WHERE {_MADE} AND n.lane_id = footprint.lane_id"
)


def repeat(
    tx: Transaction, repository: str, delivery: int, decision: Decision, outdated: Collection[str] = ()
) -> dict[str, int]:
    """Repeat the outcome of what stands where a commit's deployments would find nothing new; give them by name.

    The caller has locked the repository. What begins with a hold of its own waits like any other, unless all that it
    needs is that the commit is healthy in others of these.
    """
    acts = [act for act in decision.acts if isinstance(act, Deploy)]
    same = [act for act in acts if act.same and act.trigger in REPEATED and act.environment not in outdated]
    waiting = [act for act in same if _of_one(act, same[0])]
    made: dict[str, int] = {}
    while ready := [act for act in waiting if all(_is_met(hold, made) for hold in act.holds)]:
        now = {act.environment for act in ready}  # by name: two thousand acts compared with each other take seconds
        waiting = [act for act in waiting if act.environment not in now]
        made |= _repeated(tx, repository, delivery, ready)
    if made:
        _tell(tx, repository, delivery, same[0], made, len(acts))
        _tell_who_needs(tx, repository, same[0].sha, made)
    return made


def _is_met(hold: Hold, made: Collection[str]) -> bool:
    return hold.kind == NEEDS and hold.subject in made


def _repeated(tx: Transaction, repository: str, delivery: int, acts: Sequence[Deploy]) -> dict[str, int]:
    """Write the rows of those that still stand, each with its release."""
    stand, one = _stand(tx, repository, delivery, acts), acts[0]
    if not stand:
        return {}
    lanes = list(stand)
    tx.change(_MOVE_ON, sha=one.sha, lanes=lanes)
    said = {"ref": one.ref, "sha": one.sha, "author": one.author, "cause": one.trigger.value, "delivery": delivery}
    made = {stand[row["lane_id"]]: int(row["id"]) for row in tx.rows(_REPEAT, **said, now=tx.now, lanes=lanes)}
    just_now = {"first": min(made.values()), "last": max(made.values()), "delivery": delivery}
    tx.change(_RELEASE, **just_now)
    tx.change(_COMPARED, **just_now)
    tx.change(_TRUE_OF, **just_now)
    return made


def _of_one(act: Deploy, other: Deploy) -> bool:
    return (act.sha, act.ref, act.trigger, act.author) == (other.sha, other.ref, other.trigger, other.author)


def _stand(tx: Transaction, repository: str, delivery: int, acts: Sequence[Deploy]) -> dict[int, str]:
    """Give the environments that still stand, by their lanes; how long ago they were looked at was asked just now."""
    if tx.postgres:
        tx.rows(_LOCK, repository=repository, environments=[act.environment for act in acts])
    commit = Commit(ref=acts[0].ref, sha=acts[0].sha, delivery=delivery)
    values = {**condition(tx, repository, commit, 0.0), "fresh": 0.0}
    lasts = {act.same.last for act in acts if act.same}
    return {row["id"]: row["environment"] for row in tx.rows(_STAND, **values) if row["last"] in lasts}


def _tell(
    tx: Transaction, repository: str, delivery: int, one: Deploy, made: Mapping[str, int], followers: int
) -> None:
    if len(made) <= FEW:
        for each in _read(tx, made.values()):
            announce(tx, each)
        return
    mark_concerned(tx, _read(tx, [next(iter(made.values()))])[0])
    origins = tx.rows(_ORIGINS, delivery=delivery)
    of = f"same tree as {short(origins[0]['sha'])}" if len(origins) == 1 else "same trees as before"
    said = clip(f"{len(made):,} of {followers:,} environments unchanged, {of}")
    shown = Status(
        context=FILE_CONTEXT, state=State.SUCCEEDED, description=said, path=f"/deliveries/{delivery}", ref=one.ref
    )
    announce_status(tx, repository, one.sha, shown)


def _tell_who_needs(tx: Transaction, repository: str, sha: str, made: Mapping[str, int]) -> None:
    """Let go what waited elsewhere for the commit to be healthy here."""
    wanted = sa.select(holds.c.subject).where(
        holds.c.kind == NEEDS, holds.c.repository == repository, holds.c.sha == sha
    )
    needed = [made[row["subject"]] for row in tx.rows(wanted.distinct()) if row["subject"] in made]
    for each in _read(tx, needed):
        tell_who_needs(tx, each)


def _read(tx: Transaction, numbers: Collection[int]) -> list[Deployment]:
    return read_all(tx, tx.rows(SELECTED.where(deployments.c.id.in_(list(numbers))).order_by(deployments.c.id)))
