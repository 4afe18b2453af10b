"""What becomes of drift: may it be looked for now, what does the commit show, is it put back. Pure.

A field that comes and goes must not bury a commit under statuses, nor keep a cluster busy: both have pauses that grow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pushboat.model.deployment import Deployment, short
from pushboat.model.drift import sentence
from pushboat.model.hold import Hold
from pushboat.model.inspection import Findings, Healed, Inspection, Said, Seen
from pushboat.model.release import Release
from pushboat.model.state import State
from pushboat.routing.holds import PIN, stays_behind
from pushboat.routing.holds import sentence as sentence_of

QUIET = 5.0
"""Seconds after a deployment in which nothing is compared: controllers still answer to what it wrote."""

FREE_LETTERS, FIRST_PAUSE, LONGEST_PAUSE = 4, 60.0, 24 * 3600.0
"""Changes of what a commit shows that are said at once, and seconds until the next one, doubled with each."""
FORGOTTEN = 7 * LONGEST_PAUSE
"""Seconds without a change after which they are counted from the beginning."""

HEAL_PAUSE, HEAL_FACTOR, LONGEST_HEAL_PAUSE = 2.0, 3, 300.0
"""Seconds between two times that drift is put back, times three with each: Argo CD's pauses."""
IN_A_ROW = 6
"""Times after which drift that comes back is said on the commit, though it is put back each time."""
COOLED_DOWN = 330.0
TRY_ERRORED_AGAIN = 3600.0
"""Seconds: without drift, until its next one counts from the beginning; after the world was in the way of a healing."""
_AGAIN = ("deploy once more", "deploy again")
"""What the troubles of `incomparable` and `_moved` end in, where there is something to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """Why nothing is compared: for a moment, until something is deployed, or until somebody acts (the sentence)."""

    sentence: str = ""
    nothing_runs: bool = False


def not_now(known: Inspection, seen: Seen, now: float) -> NotNow | None:
    """Say why an environment is not inspected now; None where it is."""
    if seen.running is not None:
        return NotNow()
    if seen.latest is None or seen.destroyed:
        return NotNow(nothing_runs=True)
    if seen.latest.finished_at is not None and now - seen.latest.finished_at < QUIET:
        return NotNow()
    if seen.halfway and seen.halfway.state is State.QUEUED and not seen.halfway.held:
        return NotNow()  # it goes on in a moment
    why = incomparable(seen) or _moved(known, seen)
    return NotNow(sentence=why) if why else None


def ends_with_a_deployment(trouble: str) -> bool:
    """Say whether it is a deployment that makes an environment comparable again, and not the world or an operator."""
    return trouble.endswith(_AGAIN)


def incomparable(seen: Seen) -> str:
    """Say why there is nothing that an environment could be compared with; nothing where there is."""
    halfway, release = seen.halfway, seen.release
    if seen.destroyed:
        return "it was destroyed, so nothing runs there"
    if halfway:
        which = f"deployment {halfway.id} {halfway.state} halfway"
        return f"{which}, so what runs is neither the old nor the new; deploy again"
    if release is None or seen.runs is None:
        return "no release is stored yet to compare with; deploy once more"
    return "" if release.kept else f"what release {release.number} was made of is not kept any more; deploy once more"


def _moved(known: Inspection, seen: Seen) -> str:
    """Say that the release runs in another cluster: what is not there was deleted by nobody."""
    same = seen.runs is not None and known.deployment == seen.runs.id
    if not same or known.place in ("", known.cluster):
        return ""
    return f"pushboat.yaml has it in cluster {known.cluster} now, and it was brought to {known.place}; deploy once more"


def broke_off(latest: Deployment) -> bool:
    """Say whether a deployment has written something and did not get through."""
    over = latest.state in (State.FAILED, State.ERRORED, State.CANCELLED)
    return over and latest.counts.changes_something


def wanted(findings: Findings, unhealed: str, healed: Healed, *, cold: bool) -> str | None:
    """Say what the commit should show: a sentence, nothing for the deployment's own, None to leave it as it is.

    What is being put back is not said, unless it comes back again and again; then until it has stayed away (`cold`).
    """
    fought = healed.times >= IN_A_ROW and not cold
    if findings.found:
        again = f"put back {healed.times} times in a row, and back again; " if fought else ""
        if findings.heals and not unhealed and not again:
            return None
        held = f" ({unhealed})" if unhealed else ""
        return f"{again}{sentence(findings.found)}{held}"
    return None if findings.unknown or fought else unhealed


def speech(said: Said, sentence: str | None, now: float) -> Said | None:
    """Say what the commit shows from now on; None where it stays as it is, or has changed too often of late.

    The first word of drift is never held back. That it is gone may be: red for longer is no lie that anybody trusts.
    """
    if sentence is None or sentence == said.sentence:
        return None
    letters = 0 if now - said.at > FORGOTTEN else said.letters
    if not (sentence and not said.sentence) and now - said.at < pause_of(letters):
        return None
    return Said(sentence=sentence, at=now, letters=letters + 1)


def pause_of(letters: int) -> float:
    """Give the seconds between two changes of what a commit shows, after so many."""
    if letters < FREE_LETTERS:
        return 0.0
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(letters - FREE_LETTERS, 20)))


def heal_pause(times: int) -> float:
    """Give the seconds after drift was put back so many times in a row."""
    return min(LONGEST_HEAL_PAUSE, HEAL_PAUSE * HEAL_FACTOR ** min(times - 1, 10)) if times else 0.0


def unhealed(
    release: Release, wanted: Deployment, holds: Sequence[Hold], waiting: Sequence[Deployment], now: float
) -> str | None:
    """Say what keeps a deployment that would put drift back from it; None where nothing does.

    A pin to the very release lets it pass, as it lets a rollback; what only waits for that pin waits on.
    """
    bound = [hold for hold in holds if hold.binds(wanted, now) or _pins_another(hold, wanted, release)]
    if bound:
        return f"not put back: {sentence_of(bound[0])}"
    ahead = [each for each in waiting if not each.heals and not stays_behind(each, wanted, holds, now)]
    return f"not put back: {short(ahead[0].sha)} is next" if ahead else None


def given_up(last: Deployment | None, healed: Healed, same: str, now: float) -> str | None:
    """Say why the same drift is not put back again: the last time failed, or a person stopped it."""
    if last is None or healed.of != same:
        return None
    if last.state is State.ERRORED and now - healed.at >= TRY_ERRORED_AGAIN:
        return None
    if last.state in (State.FAILED, State.ERRORED, State.CANCELLED):
        return f"not put back: deployment {last.id} {last.state}: {last.reason}"
    return None


def aftermath(last: Deployment | None) -> str:
    """Say that what was put back did not come up: the drift is gone, and what was deployed does not run anyway."""
    if last is None or last.state not in (State.FAILED, State.ERRORED) or not last.counts.changes_something:
        return ""
    return f"drift was put back, and deployment {last.id} {last.state}: {last.reason}"


def is_cold(healed: Healed, every: float, now: float) -> bool:
    """Say whether drift stayed away long enough for its next one to count from the beginning."""
    return now - healed.at > COOLED_DOWN + 3 * every


def _pins_another(hold: Hold, wanted: Deployment, release: Release) -> bool:
    names = {f"release {number} ({short(release.sha)})" for number in (release.number, release.again) if number}
    return hold.kind == PIN and hold.scope.covers(*_place(wanted)) and hold.subject not in names


def _place(wanted: Deployment) -> tuple[str, str]:
    return wanted.lane.repository, wanted.lane.environment
