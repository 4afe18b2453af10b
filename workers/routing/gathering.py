"""The facts that a decision needs: the commit's `.pushboat.yaml`, and for an ask who asks, and what runs where."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from pushboat import routing
from pushboat.errors import CheckoutFailed
from pushboat.events import Event, EventKind
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State
from pushboat.reading.environments import standings
from pushboat.routing import Facts
from pushboat.routing.following import of_branch
from pushboat.routing.merge_queue import TURN
from pushboat.routing.unpinning import of_number, unlocked
from pushboat.store import asks, deployments, holds
from workers.routing import proposed
from workers.routing.asked import of_ask
from workers.routing.described import at_commit
from workers.routing.newest import newest
from workers.routing.queued import with_groups
from workers.routing.untouched import with_untouched
from workers.source.environments import remote
from workers.source.git.merging import at_merge, merged
from workers.tools import Tools, split

NOTHING = Facts(environments={})
MOST_WAITING = 200
"""Deployments of a repository among which those of a pull request are looked for, the newest ones."""
MOST_OF_ONE_HEAD = 5
"""Pull requests of one head that are asked about when its check is to run again."""


def gather(tools: Tools, name: str, row: DeliveryRow) -> Facts:
    """Find out what routing needs to know about a delivery of the repository `name` (`github/acme/shop`).

    Raises:
        CommandRefused: an ask cannot be carried out, whatever else is found out.
        ForgeUnavailable, ForgeRefused: the forge did not say.
        CheckoutFailed: the commit is no longer there.
    """
    event = row.event
    if routing.ignored(event, row.ask, operator_knows_repository=True):
        return NOTHING
    facts = with_untouched(tools, name, row, _gathered(tools, name, row))
    return _with_files(tools, name, with_groups(tools, name, event, facts))


def _with_files(tools: Tools, name: str, facts: Facts) -> Facts:
    """Add what other commits need that may be deployed now, though the delivery tells of none of them."""
    wanted = [each.group.sha for each in facts.groups if each.first and not each.new]
    wanted += [each.sha for each in facts.newest if each.sha]
    files = {}
    for sha in dict.fromkeys(wanted):
        try:
            files[sha] = at_commit(tools, name, sha).environments
        except CheckoutFailed:  # it is gone, and so will be its deployment's
            continue
    return replace(facts, files=files) if files else facts


def _gathered(tools: Tools, name: str, row: DeliveryRow) -> Facts:
    event = row.event
    if event.action == TURN:
        return NOTHING
    if event.kind is EventKind.RERUN and not event.button:
        return _of_rerun(tools, name, event)
    if event.kind is EventKind.REVIEW:
        return _of_review(tools, name, event)
    if row.ask:
        return of_ask(tools, name, row, row.ask)
    if event.action in (*routing.ENDED, "merged") and event.kind is not EventKind.PUSH:
        return _of_ended(tools, name, row)
    known = NOTHING
    if event.kind is EventKind.PULL_REQUEST:
        known = proposed.standing(tools, name, row)
        if event.fork is not False or known.closed or known.head not in ("", event.sha):
            return known  # a stranger's commit is not even fetched, nor one whose origin nobody says
    there = at_commit(tools, name, event.sha)
    if event.kind is EventKind.PULL_REQUEST:
        there = _as_merged(tools, name, event, there)
    facts = replace(there, closed=known.closed, head=known.head)
    return _with_the_missing(tools, name, facts, event) if event.kind is EventKind.PUSH else facts


def _of_ended(tools: Tools, name: str, row: DeliveryRow) -> Facts:
    """Find out what the merge would deploy, and what becomes of the environments that are pinned to it."""
    event = row.event
    if event.kind is EventKind.PULL_REQUEST and event.action in routing.ENDED:
        known = proposed.ending(tools, name, row)
        if known.pull_request:
            return known  # it is open again
    there = at_commit(tools, name, event.merged_sha) if event.merged_sha else NOTHING
    if event.kind is not EventKind.PULL_REQUEST:
        return there
    held = of_number(holds.listed(tools.store, name), event.number)
    pinned = [each.scope.environment for each in held]
    waiting = deployments.listed(tools.store, repository=name, state=State.QUEUED, limit=MOST_WAITING)
    mine = {each.lane.environment for each in waiting if event.number and each.pull_request == event.number}
    every = sorted(mine.union(pinned, tools.environments(name)))
    stand = standings(tools.store, name, every)
    places = dict.fromkeys((*pinned, *unlocked(stand, event.number)))
    merged = [one.name for one in of_branch(there.environments, event.base_ref)] if event.merged_sha else []
    back = tuple(newest(tools, name, each) for each in places if each not in merged)
    stand = tuple(each for each in stand if each.environment in mine.union(places))
    return replace(there, holds=tuple(held), standings=stand, newest=back)


def _as_merged(tools: Tools, name: str, event: Event, facts: Facts) -> Facts:
    """Read the file that merging would make, where the base has environments that the head lacks.

    A branch that is behind its base lacks what came there since. What cannot be merged goes by the head's own file: its
    plans say that it conflicts.
    """
    forge, path = split(name)
    tip = "" if facts.mistakes else tools.client(forge).head(path, f"refs/heads/{event.base_ref}")
    if not tip or at_commit(tools, name, tip).environments.keys() <= facts.environments.keys():
        return facts

    def make() -> str:
        source = remote(tools, name)
        return merged(tools.git_caches, tools.scratch, source, tip, event.sha, event.base_ref)

    try:
        return at_merge(make, partial(at_commit, tools, name))
    except CheckoutFailed:
        return facts


def _of_review(tools: Tools, name: str, event: Event) -> Facts:
    """Find out what holds whoever asks for an environment, and how that stands."""
    lane = Lane(repository=name, environment=event.environment)
    wanted = Deployment(
        id=0, kind=Kind.DEPLOY, lane=lane, ref=event.ref, sha=event.sha, state=State.QUEUED, author=event.author
    )
    now, limits = tools.store.now(), tools.environments(name)
    standing = holds.listed(tools.store, name, event.environment)
    return replace(
        NOTHING,
        repository=name,
        limits=limits,
        holds=tuple(hold for hold in standing if not hold.scope.deployment and hold.binds(wanted, now)),
        standings=standings(tools.store, name, [event.environment] if event.environment in limits else []),
    )


def _of_rerun(tools: Tools, name: str, event: Event) -> Facts:
    """Find out whose head a commit is, what it brought last, and what the presser may."""
    forge, path = split(name)
    client, limits = tools.client(forge), tools.environments(name)
    named = [event.number] if event.number else []
    numbers = dict.fromkeys((*named, *asks.numbers_of_head(tools.store, name, event.sha)))
    proposing = [client.pull_request(path, number) for number in list(numbers)[:MOST_OF_ONE_HEAD]]
    strangers = bool(proposing) and all(each.fork for each in proposing)
    return replace(
        NOTHING if strangers else at_commit(tools, name, event.sha),
        repository=name,
        limits=limits,
        pull_request=proposing[0] if proposing else None,
        beside=tuple(proposing[1:]),
        permission=client.permission(path, event.author) if event.author else "",
        standings=standings(tools.store, name, limits, tools.operator.drift_every),
    )


def _with_the_missing(tools: Tools, name: str, facts: Facts, event: Event) -> Facts:
    """Add how environments stand that the commit's file does not have: something of theirs may run."""
    missing = [each for each in tools.environments(name) if each not in facts.environments]
    if not missing or facts.mistakes:
        return facts
    found = standings(tools.store, name, missing)
    return replace(facts, repository=name, standings=found, followed=_followed(tools, name, event, found))


def _followed(tools: Tools, name: str, event: Event, missing: Sequence[Standing]) -> Mapping[str, str]:
    """Say what environments followed that a commit's file has no more, by the file of what runs there.

    Whichever way that came there: by a pull request before its merge, or by its name.
    """
    followed: dict[str, str] = {}
    for each in missing:
        there = each.runs if each.runs and each.runs.ref != event.ref else None
        try:
            known = at_commit(tools, name, there.sha).environments if there else {}
        except CheckoutFailed:  # that commit is gone, and what it followed with it
            continue
        said = known.get(each.environment)
        what = (said.tag if event.tag else said.branch) if said else ""
        followed |= {each.environment: what} if what else {}
    return followed
