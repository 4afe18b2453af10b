"""Whether a commit shows what nobody should read: looked for before anything is rendered, planned or said of it.

Only what this commit changes counts, against the release that runs: what is there already is no news of its author's.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePosixPath

from pushboat.config.operator import Operator
from pushboat.config.policy import CREDENTIAL, DENY, LITERAL, OFF, STANDARD, Policy
from pushboat.errors import CheckoutFailed, Denied
from pushboat.model.deployment import Lane
from pushboat.store import releases
from pushboat.store.database.engine import Store
from workers.deploying.clear_text import F, credentials_of, literals_of, staying
from workers.render.choosing import Rendered
from workers.source.checkout import CheckedOut
from workers.source.closure import Closure

MOST_TOLD = 20
Objects = Callable[[str, Collection[str]], Mapping[str, str]]
"""Names what a commit has at places of the repository; CheckoutFailed where the commit cannot be had."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What is to be said of what was checked out; `clean` says that there is no credential in it, let pass or not."""

    notes: tuple[str, ...] = ()
    clean: bool = True


Screen = Callable[[CheckedOut, Closure], Screened]
"""Looks at what was checked out, before anything is made of it."""


def unscreened(_out: CheckedOut, _found: Closure) -> Screened:
    """Look at nothing."""
    return Screened()


def screen_files(
    store: Store, lane: Lane, policy: Policy, objects_at: Objects, out: CheckedOut, found: Closure
) -> Screened:
    """Look for credentials in what was checked out.

    Raises:
        Denied: one stands in a file that this commit changes, and nobody let it pass.
    """
    if policy.verdict(CREDENTIAL) == OFF:
        return Screened()
    findings = credentials_of(out)
    if not findings:
        return Screened()
    changed = _changed(store, lane, objects_at, found, {each.file for each in findings})
    told = judged(policy, CREDENTIAL, [each for each in findings if each.file in changed], _today())
    return Screened(told, clean=False)


def screen_secrets(policy: Policy, made: Rendered) -> tuple[str, ...]:
    """Name Secrets that stand in the repository in plain text.

    Raises:
        Denied: the operator wants none.
    """
    if policy.verdict(LITERAL) == OFF:
        return ()
    return judged(policy, LITERAL, literals_of(made), _today())


def policy_of(operator: Operator, lane: Lane) -> Policy:
    """Give what the operator's file says of an environment's credentials."""
    limits = operator.limits(lane.repository, lane.environment)
    return limits.policy if limits else STANDARD


def _today() -> date:
    return datetime.now(UTC).date()


def judged(policy: Policy, rule: str, found: Sequence[F], today: date) -> tuple[str, ...]:
    """Say what of it stays after exemptions; one sentence for all, where it is a warning.

    Raises:
        Denied: the policy denies what stays.
    """
    told = staying(policy, rule, found, today)
    if not told:
        return ()
    more = len(told) - 1
    if policy.verdict(rule) == DENY:
        listed = "\n".join(f"- {sentence}" for sentence in told[:MOST_TOLD])
        listed += f"\n- and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
        raise Denied(f"{told[0]}{f' (and {more} more)' if more else ''}", listed)
    return (f"warning: {told[0]}{f', and {more} more' if more else ''}",)


def _changed(store: Store, lane: Lane, objects_at: Objects, found: Closure, files: Collection[str]) -> set[str]:
    """Leave out files that are as the release that runs has them; where that is not known, all have changed."""
    with store.reading() as tx:
        newest = releases.newest_in(tx, lane)
    if newest is None:
        return set(files)
    places = {file: _place(file, found.linked) for file in files}
    now = {entry.path: entry.named for entry in found.files}
    try:
        was = objects_at(newest.sha, places.values())
    except CheckoutFailed:
        return set(files)
    return {file for file, place in places.items() if was.get(place) != now.get(file)}


def _place(file: str, linked: Mapping[str, str]) -> str:
    return str(PurePosixPath(linked.get(file, file)))
