"""Environments that a commit leaves untouched: green at once, and nobody is sent to carry it out.

Whether they still stand is asked once more, in the transaction that writes this down, for all of them together: what is
to be deployed after all takes the way of every deployment. A few have a row each, and are told one by one beside the
commit; many are one row (repetitions.py) and one line, since a forge takes some hundred writes a minute. What another
environment needs has its own row for each commit: one that is asked for later was healthy there too.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, short
from pushboat.model.state import State
from pushboat.model.status import FILE_CONTEXT, Status, clip
from pushboat.routing import Decision, Deploy
from pushboat.store import repetitions
from pushboat.store.announcing import announce, announce_status
from pushboat.store.database.schema import deployments, holds
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, read_all
from pushboat.store.footprints import REPEATED, STANDING, Commit, condition, names
from pushboat.store.needing import NEEDS
from pushboat.store.repetitions import Repetition
from pushboat.store.sticky_marks import mark_of
from pushboat.store.superseding import tell_who_needs

FEW = 20
"""Environments that have a row each and are told by themselves; more of them share a row and a line."""


def _many(statement: str, *names: str) -> sa.TextClause:
    return sa.text(statement).bindparams(*(sa.bindparam(name, expanding=True) for name in names))


_LOCK = _many(
    "SELECT id FROM lane WHERE repository = :repository AND number = 0 AND environment IN :environments "
    "ORDER BY id FOR UPDATE",
    "environments",
)
_LOCK_ALL = sa.text("SELECT id FROM lane WHERE repository = :repository AND number = 0 ORDER BY id FOR UPDATE")
_STAND = _many(f"SELECT l.id, l.environment, d.id AS last {STANDING}", "causes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Untouched:
    """What stays as it is: `rows` are the numbers of what has its own, by environment, `together` are all others."""

    rows: Mapping[str, int]
    together: frozenset[str] = frozenset()

    def has(self, act: Deploy) -> bool:
        """Say whether nothing begins for an act."""
        return act.same is not None and (act.environment in self.rows or act.environment in self.together)


def repeat(
    tx: Transaction, repository: str, delivery: int, decision: Decision, outdated: Collection[str] = ()
) -> Untouched:
    """Repeat the outcome of what stands where a commit's deployments would find nothing new.

    The caller has locked the repository. What begins with a hold of its own waits like any other, unless all that it
    needs is that the commit is healthy in others of these.
    """
    acts = [act for act in decision.acts if isinstance(act, Deploy)]
    same = [act for act in acts if act.same and act.trigger in REPEATED and act.environment not in outdated]
    if not same:
        return Untouched(rows={})
    waiting = [act for act in same if _of_one(act, same[0])]
    wanted = _wanted(tx, repository, same[0].sha)
    together = _together(tx, repository, delivery, waiting, wanted.union(_subjects(acts)))
    made: dict[str, int] = {}
    while ready := [act for act in waiting if act.environment not in together and _may_go(act, made)]:
        now = {act.environment for act in ready}  # by name: two thousand acts compared with each other take seconds
        waiting = [act for act in waiting if act.environment not in now]
        stand = _stand(tx, repository, delivery, ready)
        numbers = repetitions.repeat(tx, _commit(repository, delivery, ready[0]), stand, tx.now)
        made |= {stand[lane]: number for lane, number in numbers.items()}
    if together:  # after these, which the commit before need not have a row beside
        repetitions.keep(tx, replace(_commit(repository, delivery, same[0]), environments=together))
    found = Untouched(rows=made, together=together)
    _tell(tx, repository, delivery, [act for act in same if found.has(act)], made, len(acts))
    _tell_who_needs(tx, [made[each] for each in sorted(wanted & made.keys())])
    return found


def _together(
    tx: Transaction, repository: str, delivery: int, acts: Sequence[Deploy], apart: Collection[str]
) -> frozenset[str]:
    """Give what stands of many that nobody waits for: it is one row."""
    alike = [act for act in acts if not (act.holds or act.environment in apart or (act.same and act.same.needed))]
    if len(alike) <= FEW:
        return frozenset()
    if tx.postgres:  # also those that the commit before left alone and this one does not
        tx.rows(_LOCK_ALL, repository=repository)
    there = names(tx, _values(tx, repository, delivery, alike[0]))
    stand = frozenset(act.environment for act in alike if act.same and act.same.name in there)
    return stand if len(stand) > FEW else frozenset()


def _subjects(acts: Sequence[Deploy]) -> set[str]:
    return {hold.subject for act in acts for hold in act.holds if hold.kind == NEEDS}


def _may_go(act: Deploy, made: Collection[str]) -> bool:
    return all(hold.kind == NEEDS and hold.subject in made for hold in act.holds)


def _commit(repository: str, delivery: int, one: Deploy) -> Repetition:
    return Repetition(
        repository=repository,
        ref=one.ref,
        sha=one.sha,
        author=one.author,
        trigger=one.trigger,
        delivery=delivery,
    )


def _of_one(act: Deploy, other: Deploy) -> bool:
    return (act.sha, act.ref, act.trigger, act.author) == (other.sha, other.ref, other.trigger, other.author)


def _stand(tx: Transaction, repository: str, delivery: int, acts: Sequence[Deploy]) -> dict[int, str]:
    """Give the environments that still stand, by their lanes; how long ago they were looked at was asked just now."""
    if tx.postgres:
        tx.rows(_LOCK, repository=repository, environments=[act.environment for act in acts])
    values = _values(tx, repository, delivery, acts[0])
    lasts = {act.same.last for act in acts if act.same}
    return {row["id"]: row["environment"] for row in tx.rows(_STAND, **values) if row["last"] in lasts}


def _values(tx: Transaction, repository: str, delivery: int, one: Deploy) -> dict[str, object]:
    return {**condition(tx, repository, Commit(ref=one.ref, sha=one.sha, delivery=delivery), 0.0), "fresh": 0.0}


def _tell(
    tx: Transaction,
    repository: str,
    delivery: int,
    stay: Sequence[Deploy],
    made: Mapping[str, int],
    followers: int,
) -> None:
    if not stay:
        return
    if len(stay) <= FEW:
        for each in _read(tx, made.values()):
            announce(tx, each)
        return
    one = stay[0]
    mark_of(tx, repository, delivery, one.sha)
    origins = {act.same.sha for act in stay if act.same}
    of = f"same tree as {short(origins.pop())}" if len(origins) == 1 else "same trees as before"
    said = clip(f"{len(stay):,} of {followers:,} environments unchanged, {of}")
    shown = Status(
        context=FILE_CONTEXT, state=State.SUCCEEDED, description=said, path=f"/deliveries/{delivery}", ref=one.ref
    )
    announce_status(tx, repository, one.sha, shown)


def _wanted(tx: Transaction, repository: str, sha: str) -> set[str]:
    """Name the environments where somebody waits elsewhere for the commit to be healthy."""
    wanted = sa.select(holds.c.subject).where(
        holds.c.kind == NEEDS, holds.c.repository == repository, holds.c.sha == sha
    )
    return {row["subject"] for row in tx.rows(wanted.distinct())}


def _tell_who_needs(tx: Transaction, needed: Collection[int]) -> None:
    """Let go what waited elsewhere for the commit to be healthy here."""
    for each in _read(tx, needed) if needed else ():
        tell_who_needs(tx, each)


def _read(tx: Transaction, numbers: Collection[int]) -> list[Deployment]:
    return read_all(tx, tx.rows(SELECTED.where(deployments.c.id.in_(list(numbers))).order_by(deployments.c.id)))
