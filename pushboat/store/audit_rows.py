"""The audit as people look through it: entries by whom, where, what and since when, each with what it leads to.

An entry is given with every word that stands there, also where somebody else put it in: who looks is told so.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.audit_row import AuditRow
from pushboat.model.chain import BEGINNING, Link, after, is_place
from pushboat.model.state import Kind, Trigger
from pushboat.store.audit import OURS
from pushboat.store.chaining import as_stored
from pushboat.store.database.ask_tables import asks, audit, audit_stamps
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deliveries, deployments
from pushboat.store.database.transaction import Row, Transaction

UP_TO = -1
"""No entry has this position."""
_TAKEN = sa.select(sa.func.max(audit_stamps.c.position)).where(audit_stamps.c.until != "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which entries somebody looks for; what is empty, or None, narrows nothing.

    `repositories` are names as they are spelled here; of every one those about no repository may be left out as well.
    `since` and `before` are a time in seconds and the number of an entry; `asked` leaves out what nobody asked for.
    """

    repositories: Collection[str] | None = None
    of_no_repository: bool = True
    environment: str = ""
    who: str = ""
    word: str = ""
    source: str = ""
    verdict: str = ""
    since: float | None = None
    asked: bool = False
    before: int | None = None
    limit: int = 50


def listed(store: Store, sought: Sought) -> list[AuditRow]:
    """List entries, newest first."""
    with store.reading() as tx:
        rows = tx.rows(query(sought))
        before = _links(tx, [row["position"] - 1 for row in rows if is_place(row["position"])])
    return [_read(row, before) for row in rows]


def query(sought: Sought) -> sa.Select[tuple[object, ...]]:
    """Write the query for a list, which ends with the last row that it wants, however many entries there are."""
    return (
        sa.select(
            audit,
            deployments.c.sha.label("deployed"),
            deployments.c.kind,
            deployments.c.cause,
            asks.c.sha.label("asked_for"),
            deliveries.c.id.label("delivery"),
        )
        .select_from(audit)
        .outerjoin(deployments, deployments.c.id == audit.c.deployment_id)
        .outerjoin(asks, asks.c.id == audit.c.ask_id)
        .outerjoin(deliveries, deliveries.c.id == audit.c.delivery_id)
        .where(*_conditions(sought))
        .order_by(audit.c.id.desc())
        .limit(sought.limit)
    )


def _conditions(sought: Sought) -> Iterable[sa.ColumnElement[bool]]:
    if sought.repositories is not None:
        # By the index entries of several would have to be sorted, all of them, so that it is there for one alone.
        several = len(sought.repositories) > 1
        yield (audit.c.repository + "" if several else audit.c.repository).in_(sorted(sought.repositories))
    elif not sought.of_no_repository:
        yield audit.c.repository != ""
    for column, value in (
        (audit.c.environment, sought.environment),
        (audit.c.word, sought.word),
        (audit.c.source, sought.source),
        (audit.c.verdict, sought.verdict),
    ):
        if value:
            yield column == value
    if sought.who:
        yield _is_called(sought.who)
    if sought.since is not None:
        yield audit.c.at >= sought.since
    if sought.asked:
        yield audit.c.source != OURS.value
    if sought.before is not None:
        yield audit.c.id < sought.before


def _is_called(name: str) -> sa.ColumnElement[bool]:
    """Choose who has this name, as forges compare names, or begins with it as a whole word: `root on the …`."""
    written, lower = sa.func.lower(audit.c.who), name.lower()
    begins = sa.func.substr(written, 1, len(lower) + 1) == f"{lower} "
    return sa.or_(audit.c.who == name, written == lower, begins)


def _links(tx: Transaction, positions: Sequence[int]) -> dict[int, Link]:
    """Give the links that stand at these positions, and those of stamps alone where retention took the entries.

    Where one is missing, at UP_TO stands how far it took them.
    """
    found = {0: BEGINNING, **_links_in(tx, audit, positions)}
    if missing := [each for each in positions if each not in found]:
        taken = int(tx.scalar(_TAKEN) or 0)
        found |= {UP_TO: Link(taken, ""), **_links_in(tx, audit_stamps, [each for each in missing if each <= taken])}
    return found


def _links_in(tx: Transaction, table: sa.Table, positions: Sequence[int]) -> dict[int, Link]:
    rows = tx.rows(sa.select(table.c.position, table.c.link).where(table.c.position.in_(positions)))
    return {row["position"]: Link(row["position"], row["link"]) for row in rows}


def _read(row: Row, before: dict[int, Link]) -> AuditRow:
    entry = as_stored(row)
    deployed, kind = row["deployed"] or "", row["kind"]
    return AuditRow(
        entry=entry,
        sha=deployed or row["asked_for"] or "",
        plan=kind == Kind.PLAN,
        deployed=kind is not None,
        delivered=row["delivery"] is not None,
        trigger=next((each for each in Trigger if each == row["cause"]), None),
        broken=_is_broken(row, before),
    )


def _is_broken(row: Row, before: dict[int, Link]) -> bool:
    """Say whether an entry is not what was bound, as far as it and the one before it tell."""
    if row["position"] is None:
        return False  # an older version wrote it just now; the next one binds it
    if not is_place(row["position"]):
        return True
    here, former = Link(row["position"], row["link"]), before.get(row["position"] - 1)
    if former is None:
        return here.position > before[UP_TO].position  # else retention takes those before it at this moment
    return after(former, as_stored(row)) != here
