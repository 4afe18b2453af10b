"""The sentences that a deployment ends with: counts first, then how it went. They stand alone in a commit status."""

from collections.abc import Sequence
from dataclasses import dataclass

from pushboat.model import wording
from pushboat.model.changeset import ChangeSet
from pushboat.model.deployment import Deployment, short
from pushboat.model.health import Finding, Health
from pushboat.model.manifest import Ref
from workers.cluster.planning.words import Stale

LOCKED = "no stored values of it can be read with this encryption_key"

LONGEST_LEFT = 70
"""Characters of one field's name and its object's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Healthy:
    """How the wait for health went; `seconds` is None where nobody waited. `hooks` is how many ran to their end, and
    `verified` counts good answers after it.
    """

    seconds: float | None
    findings: tuple[Finding, ...]
    hooks: int = 0
    verified: int = 0

    def and_then(self, other: "Healthy") -> "Healthy":
        """Add the wait of the next wave; what was looked at twice is what it was found to be last."""
        known = [each for each in (self.seconds, other.seconds) if each is not None]
        findings = {each.ref: each for each in (*self.findings, *other.findings)}
        return Healthy(seconds=sum(known) if known else None, findings=tuple(findings.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """The release that a rollback, or what `heals`, brought back (0: neither), and the Secrets that it could not."""

    release: int = 0
    heals: bool = False
    missing: tuple[Ref, ...] = ()


NOT_BACK = Back()


def objects(number: int) -> str:
    """Count objects in words."""
    return wording.counted(number, "object")


def planned(changes: ChangeSet, hooks: int = 0) -> str:
    """Say what a plan would do, how many hooks would run beside it, and how much of it may be a mistake."""
    warnings = changes.alarming
    warned = f"; {wording.counted(len(warnings), 'warning')}: {warnings[0].sentence}" if warnings else ""
    runs = f", {wording.counted(hooks, 'hook')} to run" if hooks else ""
    return f"{wording.would_do(changes.counts)}{runs}{warned}"


def listed(lines: Sequence[str]) -> str:
    """Write lines below each other, as a list."""
    return "\n".join(f"- {line}" for line in lines)


def begun(deployment: Deployment) -> str:
    """Say where the manifests come from."""
    if deployment.again:
        return f"taking what is stored of release {deployment.again}"
    return f"checking out {short(deployment.sha)}"


def tried(summary: str, lasted: float, limit: float, pause: float) -> str:
    """Say what is tried again: for how long it was, for how long it still will be, and when next."""
    return f"{summary}; waited {span(lasted)}, gives up after {span(limit)}; again in {span(pause)}"


def span(seconds: float) -> str:
    """Say a time for people: 40 s, 10 min."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def deployed(
    changes: ChangeSet, healthy: Healthy, survivors: Sequence[Stale] = (), since: str = "", back: Back = NOT_BACK
) -> str:
    """Say what a deployment did: "12 objects: 3 created, 9 unchanged; healthy in 8 s"; and what refused to go.

    `since` says where it is not what was planned.
    """
    counts = changes.counts
    if back.missing:
        gone = " and others" if len(back.missing) > 1 else ""
        since = f"{since}; " * bool(since) + f"{back.missing[0]}{gone} cannot be made: {LOCKED}"
    to = f"{'put back' if back.heals else 'back to'} release {back.release}; " if back.release else ""
    ran = f"{wording.counted(healthy.hooks, 'hook')} ran" if healthy.hooks else ""
    is_told = counts.total or healthy.seconds is not None or not ran
    went = [each for each in (_went(healthy) if is_told else "", ran) if each]
    done = f"{to}{objects(counts.total)}: {wording.did(counts)}; {'; '.join([*went, *([since] if since else [])])}"
    return f"{done}; {_stays(survivors)}{_left(changes)}" if survivors else f"{done}{_left(changes)}"


def removed(changes: ChangeSet, stay: Sequence[Stale]) -> str:
    """Say what a removal did: "destroyed: 12 objects deleted", and what stays."""
    gone = changes.counts.deleted
    done = f"destroyed: {objects(gone)} deleted" if gone else "destroyed: nothing of it was there any more"
    return f"{done}; {_stays(stay)}" if stay else done


def _left(changes: ChangeSet) -> str:
    """Name what is not as git has it, and stays so; the deployment's page has the rest."""
    found = [f"{field} of {change.ref.kind}/{change.ref.name}" for change in changes.changes for field in change.left]
    if not found:
        return ""
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"; left alone: {wording.printable(found[0], LONGEST_LEFT)}{more}"


def _stays(survivors: Sequence[Stale]) -> str:
    first, more = survivors[0], len(survivors) - 1
    others = f"; {more} more {'stay' if more > 1 else 'stays'}" if more else ""
    return f"{first.ref} stays: {first.kept}{others}"


def _went(healthy: Healthy) -> str:
    if healthy.seconds is None:
        return f"health was not waited for{_verified(healthy)}"
    spent = f"healthy in {healthy.seconds:.1f} s" if healthy.seconds < 10 else f"healthy in {healthy.seconds:.0f} s"
    for health in (Health.SUSPENDED, Health.UNVERIFIED):  # accepted, and not the same as running
        some = [each for each in healthy.findings if each.judgement.health is health]
        if some:
            kinds, reasons = sorted({each.ref.kind for each in some}), {each.judgement.reason for each in some}
            spent += f", {', '.join(kinds)} {health.value.lower()}"
            spent += f" ({reasons.pop()})" if len(reasons) == 1 and "" not in reasons else ""
    return spent + _verified(healthy)


def _verified(healthy: Healthy) -> str:
    return f", {healthy.verified} verified" if healthy.verified else ""
