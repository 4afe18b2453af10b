"""Whether a commit shows what nobody should read: looked for before anything is rendered, planned or said of it.

Only what this commit changes counts, against the release that runs: what is there already is no news of its author's.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import PurePosixPath

from pushboat.config.operator import Operator
from pushboat.config.policy import CREDENTIAL, DENY, ELSEWHERE, LITERAL, OFF, STANDARD, Policy
from pushboat.errors import CheckoutFailed, Denied
from pushboat.model.deployment import Lane
from pushboat.store import releases
from pushboat.store.database.engine import Store
from workers.deploying.clear_text import F, credentials_beside_it, credentials_of, literals_of, staying
from workers.render.choosing import Rendered
from workers.source import checkout
from workers.source.checkout import CheckedOut
from workers.source.closure import Closure
from workers.source.environments import remote
from workers.source.unrendered import Unrendered, unrendered
from workers.tools import Tools

MOST_TOLD = 20
Objects = Callable[[str, Collection[str]], Mapping[str, str]]
"""Names what a commit has at places of the repository; CheckoutFailed where the commit cannot be had."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What is to be said of what was checked out; `clean` says that there is no credential in it, let pass or not."""

    notes: tuple[str, ...] = ()
    clean: bool = True


Judge = Callable[[CheckedOut | None], Screened]
"""Judges what was checked out; None where nothing had to be, for it was rendered, and looked at, before."""
Screen = Callable[[Closure], Judge]
"""Looks at what is rendered, and at what lies beside that, before anything is made of it."""


@dataclass(frozen=True, slots=True)
class Commits:
    """What is asked of git: what an earlier commit has at some places; what this one has that no render reads."""

    objects_at: Objects
    unrendered: Callable[[str, Closure], Unrendered]


def commits_of(tools: Tools, repository: str, sha: str) -> Commits:
    """Ask git where a forge has the repository; `sha` is the commit that is brought."""
    caches, source = tools.git_caches, remote(tools, repository)
    return Commits(
        lambda earlier, places: checkout.objects_at(caches, source, earlier, places),
        lambda before, found: unrendered(caches, source, sha, before, found),
    )


def unscreened(_found: Closure) -> Judge:
    """Look at nothing."""
    return lambda _out: Screened()


def screen_files(store: Store, lane: Lane, policy: Policy, commits: Commits, found: Closure) -> Judge:
    """Look for credentials in what is checked out, and in what no render reads.

    The judge raises Denied: one stands in a file that this commit changes, and nobody let it pass.
    """
    if policy.verdict(CREDENTIAL) == policy.verdict(ELSEWHERE) == OFF:
        return lambda _out: Screened()
    with store.reading() as tx:
        newest = releases.newest_in(tx, replace(lane, number=0))  # a plan's own lane has no releases
    release = newest.sha if newest else ""
    beside = commits.unrendered(release, found)

    def judge(out: CheckedOut | None) -> Screened:
        findings = credentials_of(out) if out else []
        changed = _changed(release, commits.objects_at, found, {each.file for each in findings})
        own = [each for each in findings if each.file in changed]
        own += credentials_beside_it(beside, own=True)
        elsewhere = credentials_beside_it(beside, own=False)
        told = judged(policy, {CREDENTIAL: own, ELSEWHERE: elsewhere}, _today())
        left_out = (beside.left_out,) if beside.left_out else ()
        return Screened((*told, *left_out), clean=not findings and not told and not left_out)

    return judge


def screen_secrets(policy: Policy, made: Rendered) -> tuple[str, ...]:
    """Name Secrets that stand in the repository in plain text.

    Raises:
        Denied: the operator wants none.
    """
    if policy.verdict(LITERAL) == OFF:
        return ()
    return judged(policy, {LITERAL: literals_of(made)}, _today())


def policy_of(operator: Operator, lane: Lane) -> Policy:
    """Give what the operator's file says of an environment's credentials."""
    limits = operator.limits(lane.repository, lane.environment)
    return limits.policy if limits else STANDARD


def _today() -> date:
    return datetime.now(UTC).date()


def judged(policy: Policy, found: Mapping[str, Sequence[F]], today: date) -> tuple[str, ...]:
    """Say what of each rule's stays after exemptions; one sentence for all of a rule, where it is a warning.

    Raises:
        Denied: the policy denies something of it; what else there is stands beside it.
    """
    told: dict[str, list[str]] = {
        rule: staying(policy, rule, each, today) for rule, each in found.items() if policy.verdict(rule) != OFF
    }
    denied: list[str] = [sentence for rule, said in told.items() if policy.verdict(rule) == DENY for sentence in said]
    warned: list[list[str]] = [said for rule, said in told.items() if said and policy.verdict(rule) != DENY]
    if denied:
        every = [*denied, *(f"warning: {sentence}" for said in warned for sentence in said)]
        listed = "\n".join(f"- {sentence}" for sentence in every[:MOST_TOLD])
        listed += f"\n- and {len(every) - MOST_TOLD} more" if len(every) > MOST_TOLD else ""
        more = len(denied) - 1
        raise Denied(f"{denied[0]}{f' (and {more} more)' if more else ''}", listed)
    return tuple(f"warning: {each[0]}{f', and {len(each) - 1} more' if len(each) > 1 else ''}" for each in warned)


def _changed(release: str, objects_at: Objects, found: Closure, files: Collection[str]) -> set[str]:
    """Leave out files that are as the release that runs has them; where that is not known, all have changed."""
    if not release or not files:
        return set(files)
    places = {file: _place(file, found.linked) for file in files}
    now = {entry.path: entry.named for entry in found.files}
    try:
        was = objects_at(release, places.values())
    except CheckoutFailed:
        return set(files)
    return {file for file, place in places.items() if was.get(place) != now.get(file)}


def _place(file: str, linked: Mapping[str, str]) -> str:
    return str(PurePosixPath(linked.get(file, file)))
