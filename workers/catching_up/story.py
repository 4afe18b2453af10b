"""The story of a look: what do the refs of a repository point to, and which pushes has no delivery told us of?

A missed push becomes a delivery like any other, once, and goes the way of all deliveries: holds, order and limits bind
it too. At the very first look there is nothing to compare with, so the heads are noted and nothing deploys, unless the
operator's file says `first: deploy`.
"""

import hashlib
import logging
import random
from contextlib import suppress
from dataclasses import replace

from pushboat import machine, routing
from pushboat.errors import ForgeRefused, ForgeUnavailable, NotConfigured, StoreUnavailable, Unavailable
from pushboat.events import ZERO_SHA, Event, EventKind
from pushboat.model.head import Head, Look
from pushboat.store import deliveries, heads, looks
from workers.catching_up.comparing import GRACE, Comparison, compare
from workers.catching_up.consents import count_anew
from workers.catching_up.coverage import ALL, There, described
from workers.catching_up.delivery_log import read_log
from workers.catching_up.ended import accept_ended
from workers.catching_up.first_look import first_deployments
from workers.catching_up.groups import accept_decided
from workers.catching_up.reading import read
from workers.naming import renamed
from workers.source.environments import renamed_now
from workers.tools import Tools, split

EVERY = 300.0
TRY_AGAIN = 60.0
"""Seconds until the next look: after a good one, and after one that the forge did not answer."""

LONGEST_PAUSE = 3600.0

logger = logging.getLogger(__name__)


def look(tools: Tools, repository: str) -> None:
    """Look at one repository, unless another worker does."""
    if repository not in tools.operator.projects:
        looks.not_yet(tools.store, repository)  # the dispatcher's file says what has left; ours may be the older one
        return
    claimed = looks.claim(tools.store, repository, tools.owner)
    if claimed is None:
        return
    try:
        with machine.troubles():
            comparison = _look(tools, claimed)
            accept_ended(tools, repository, claimed.looked_at)
            accept_decided(tools, repository)
            count_anew(tools, repository)
    except StoreUnavailable:
        raise
    except Unavailable as trouble:
        _put_off(tools, repository, trouble.summary, min(trouble.retry_after or TRY_AGAIN, LONGEST_PAUSE))
    except (ForgeRefused, NotConfigured) as refusal:
        _put_off(tools, repository, refusal.summary, EVERY)
    else:
        again = read_log(tools, claimed)
        pause = GRACE if comparison.more else again or EVERY * random.uniform(0.9, 1.1)  # noqa: S311 - not a secret
        looks.looked(tools.store, repository, tools.owner, comparison.covered, pause)


def _look(tools: Tools, claimed: Look) -> Comparison:
    repository = claimed.repository
    if claimed.log_due:
        with suppress(ForgeUnavailable):  # git may still answer; whatever it shows is asked about once more
            renamed_now(tools, repository)
    known = heads.known(tools.store, repository)  # before the forge is asked: what arrives meanwhile is newer
    there, covered = read(tools, claimed)
    comparison = compare(known, there, claimed.covered, tools.store.now(), covered)
    if (comparison.missed or comparison.gone) and renamed_now(tools, repository):
        there, covered = read(tools, claimed)  # another repository has the old name, or its redirect
        comparison = compare(known, there, claimed.covered, tools.store.now(), covered)
    if covered not in (ALL, claimed.covered):
        logger.warning(
            "%s has so many refs that missed pushes are found of these only: %s", repository, described(covered)
        )
    comparison = _without_the_unfollowed(repository, known, comparison)
    if not claimed.covered:
        _deploy_first(tools, repository, there, comparison)
    _note(tools, repository, known, comparison)
    for ref, sha in comparison.missed.items():
        _accept(tools, repository, known[ref], sha, "missed")
    return comparison


def _without_the_unfollowed(repository: str, known: dict[str, Head], comparison: Comparison) -> Comparison:
    """Take refs that nothing ever follows, such as a merge queue's, as they are."""
    inert = {
        ref: sha
        for ref, sha in {**comparison.found, **comparison.missed}.items()
        if ref not in known
        and routing.ignored(_event(repository, Head(ref=ref), sha, "missed"), operator_knows_repository=True)
    }
    found = {ref: sha for ref, sha in comparison.found.items() if ref not in inert}
    return replace(comparison, new={**comparison.new, **inert}, found=found)


def _note(tools: Tools, repository: str, known: dict[str, Head], comparison: Comparison) -> None:
    found = [(known.get(ref, Head(ref=ref)), sha) for ref, sha in comparison.found.items()]
    heads.record(tools.store, repository, comparison.new)
    heads.found(tools.store, repository, found)
    heads.as_before(tools.store, repository, [known[ref] for ref in comparison.as_before])
    heads.forget(tools.store, repository, [known[ref] for ref in comparison.gone])


def _deploy_first(tools: Tools, repository: str, there: There, comparison: Comparison) -> None:
    for ref in first_deployments(tools.project(repository), there):
        if ref in comparison.new:
            _accept(tools, repository, Head(ref=ref), there[ref][0], "first")


def _accept(tools: Tools, repository: str, head: Head, sha: str, found: str) -> None:
    event = replace(_event(repository, head, sha, found), renamed=renamed(tools.operator, tools.store, repository))
    forge, _ = split(repository)
    told = f"{repository} {head.ref} {head.sha} {head.found_at} {sha}"
    name = f"catch-up-{hashlib.sha256(told.encode()).hexdigest()[:32]}"
    if deliveries.accept_found(tools.store, forge, name, event, head):
        logger.info("%s: no delivery told of %s at %s", repository, head.ref, sha)
        tools.ring()


def _event(repository: str, head: Head, sha: str, found: str) -> Event:
    return Event(
        kind=EventKind.PUSH,
        action="updated" if head.sha else "created",
        repository=split(repository)[1],
        ref=head.ref,
        sha=sha,
        before=head.sha or ZERO_SHA,
        found=found,
    )


def _put_off(tools: Tools, repository: str, trouble: str, pause: float) -> None:
    looks.troubled(tools.store, repository, tools.owner, trouble, pause)
    logger.warning("%s could not be looked at: %s", repository, trouble)
