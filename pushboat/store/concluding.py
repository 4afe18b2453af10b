"""What an inspection comes to, in one transaction: what was found, what the commit shows of it, and who puts it back.

A comparison that a deployment overlapped is thrown away: nobody knows which of the two it saw.
"""

from dataclasses import dataclass, replace

import sqlalchemy as sa

from pushboat.model import status
from pushboat.model.deployment import Deployment
from pushboat.model.inspection import Findings, Healed, Inspection, InspectionClaim, Said, Seen
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing.drifting import QUIET, aftermath, heal_pause, is_cold, speech, wanted
from pushboat.store import drift_texts, footprints, noticing
from pushboat.store.announcing import announce_status
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments, inspections
from pushboat.store.database.texts import LONGEST_REASON, bounded
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, find_in, read_all
from pushboat.store.healing import heal
from pushboat.store.inspections import key_of, put_off_in, seen

MOST_FOLLOWERS = 100
"""Commits that show the deployed one's drift too, the newest first."""

_LOCK = (
    sa.text(
        "SELECT id FROM lane WHERE repository = :repository AND environment = :environment AND number = 0 FOR UPDATE"
    ),
    sa.text("SELECT fence FROM inspection WHERE repository = :repository AND environment = :environment FOR UPDATE"),
)
_MINE = sa.text(
    "SELECT fence FROM inspection WHERE repository = :repository AND environment = :environment AND fence = :fence"
)
_later = deployments.alias("later")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """How an environment stands after an inspection; `healing` is the deployment that puts drift back (0: none)."""

    inspection: Inspection
    healing: int = 0


def conclude(
    store: Store, held: InspectionClaim, findings: Findings, *, every: float, pause: float
) -> Conclusion | None:
    """Write down what was found and all that comes of it; None where a deployment began since, or another looked."""
    with store.writing() as tx:
        for statement in _LOCK if tx.postgres else ():
            tx.rows(statement, **key_of(held.lane))
        if tx.row(_MINE, **key_of(held.lane), fence=held.fence) is None:
            return None
        now = seen(tx, held.lane)
        if now.running is not None or now.fence != held.seen.fence or now.release != held.seen.release:
            put_off_in(tx, held, QUIET)
            return None
        if findings.outdated:
            footprints.forget(tx, held.lane)
        made = _concluded(tx, _found(tx, held.known, now, findings), findings, now, every)
        again = min(pause, heal_pause(made.inspection.healed.times)) if made.healing else pause
        noticing.tell_drift(tx, held.known, made.inspection, now.runs)
        _keep(tx, made.inspection, tx.now + again)
    return made


def _found(tx: Transaction, known: Inspection, now: Seen, findings: Findings) -> Inspection:
    """Put what was found in place of what was known; what was known of another release says nothing any more."""
    assert now.runs
    assert now.release
    if known.deployment != now.runs.id:
        known = replace(known, found=(), count=0, since=None, trouble_since=None, said=Said(), healed=Healed())
    return replace(
        known,
        deployment=now.runs.id,
        release=now.release.number,
        compared_at=tx.now,
        place=known.cluster,
        found=findings.found,
        count=len(findings.found),
        since=(known.since or tx.now) if findings.found else None,
        trouble=bounded(findings.unknown, LONGEST_REASON),
        trouble_since=(known.trouble_since or tx.now) if findings.unknown else None,
        unhealed="",
        unwell=bounded(findings.unwell, LONGEST_REASON),
    )


def _concluded(tx: Transaction, found: Inspection, findings: Findings, now: Seen, every: float) -> Conclusion:
    healing = 0
    if findings.found and findings.heals:
        treated = heal(tx, found, now, every)
        healing = treated.deployment
        found = replace(found, healed=treated.healed, unhealed=bounded(treated.unhealed, LONGEST_REASON))
    elif found.healed.deployment and not findings.found:
        found = replace(found, unhealed=bounded(aftermath(find_in(tx, found.healed.deployment)), LONGEST_REASON))
    cold = is_cold(found.healed, every, tx.now)
    said = speech(found.said, wanted(findings, found.unhealed, found.healed, cold=cold), tx.now)
    if said is not None and now.runs is not None and tell(tx, now.runs, said.sentence):
        found = replace(found, said=said)
    return Conclusion(inspection=found, healing=healing)


def tell(tx: Transaction, runs: Deployment, sentence: str) -> bool:
    """Show it on the deployed commit and those that share its fate; False where that commit shows something newer."""
    if not tx.row(_still_shown().where(deployments.c.id == runs.id)):
        return False
    shown = replace(runs, state=State.ERRORED, reason=sentence) if sentence else runs
    announce_status(tx, runs.lane.repository, runs.sha, status.of(shown))
    followers = _still_shown().where(
        deployments.c.successor == runs.id,
        deployments.c.state == State.SUPERSEDED,
        deployments.c.successor_contains.is_(True),
        deployments.c.sha != runs.sha,
    )
    for follower in read_all(tx, tx.rows(followers.order_by(deployments.c.id.desc()).limit(MOST_FOLLOWERS))):
        announce_status(tx, follower.lane.repository, follower.sha, status.inherited(follower, shown))
    return True


def _still_shown() -> sa.Select[tuple[object, ...]]:
    """Choose the deployments that spoke last for their commit in their lane; a removal that never began is over."""
    later = sa.exists().where(
        _later.c.lane_id == deployments.c.lane_id,
        _later.c.sha == deployments.c.sha,
        _later.c.id > deployments.c.id,
        _later.c.cause != Trigger.SELF_HEAL,
        sa.or_(_later.c.kind != Kind.REMOVAL, _later.c.started_at.is_not(None)),
    )
    return SELECTED.where(~later)


def _keep(tx: Transaction, found: Inspection, next_at: float) -> None:
    place = key_of(found.lane)
    mine = sa.and_(*(inspections.c[name] == value for name, value in place.items()))
    tx.change(
        sa.update(inspections)
        .where(mine)
        .values(
            lease_until=0.0,
            next_at=sa.case((inspections.c.next_at == 0, 0.0), else_=next_at),  # woken while this one looked
            deployment=found.deployment,
            release=found.release,
            compared_at=found.compared_at,
            place=found.place,
            found=drift_texts.written(found.found),
            count=found.count,
            since=found.since,
            trouble=found.trouble,
            trouble_since=found.trouble_since,
            unhealed=found.unhealed,
            unwell=found.unwell,
            said=found.said.sentence,
            said_at=found.said.at,
            letters=found.said.letters,
            healed_times=found.healed.times,
            healed_at=found.healed.at,
            healed_by=found.healed.deployment,
            healed_of=found.healed.of,
        )
    )
