"""The facts that a decision needs: the commit's `.pushboat.yaml`, and for an ask who asks, and what runs where."""

from dataclasses import replace
from functools import partial

from pushboat import routing
from pushboat.config.project import OFF
from pushboat.errors import CheckoutFailed, InvalidRepositoryFile
from pushboat.events import Event, EventKind
from pushboat.forges.protocol import Client
from pushboat.model.ask import Ask, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment, Lane
from pushboat.reading.environments import standings
from pushboat.routing import Commit, Facts, buttons
from pushboat.routing.command import PRUNE, named
from pushboat.routing.following import of_branch
from pushboat.routing.unpinning import of_number
from pushboat.store import asks, holds, releases
from workers.routing import proposed, revisions
from workers.routing.going_back import going_back
from workers.routing.newest import newest
from workers.source.environments import environments_at, remote
from workers.source.git.merging import at_merge, merged
from workers.tools import Tools, split

NOTHING = Facts(environments={})


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
    if event.kind is EventKind.RERUN and not event.button:
        return _of_rerun(tools, name, event)
    if row.ask:
        return _of_ask(tools, name, row, row.ask)
    if event.action in (*routing.ENDED, "merged") and event.kind is not EventKind.PUSH:
        return _of_ended(tools, name, row)
    known = NOTHING
    if event.kind is EventKind.PULL_REQUEST:
        known = proposed.standing(tools, name, row)
        if event.fork is not False or known.closed or known.head not in ("", event.sha):
            return known  # a stranger's commit is not even fetched, nor one whose origin nobody says
    there = _at_commit(tools, name, event.sha)
    if event.kind is EventKind.PULL_REQUEST:
        there = _as_merged(tools, name, event, there)
    facts = replace(there, closed=known.closed, head=known.head)
    return _with_the_missing(tools, name, facts) if event.kind is EventKind.PUSH else facts


def _of_ended(tools: Tools, name: str, row: DeliveryRow) -> Facts:
    """Find out what the merge would deploy, and what becomes of the environments that are pinned to it."""
    event = row.event
    if event.kind is EventKind.PULL_REQUEST and event.action in routing.ENDED:
        known = proposed.ending(tools, name, row)
        if known.pull_request:
            return known  # it is open again
    there = _at_commit(tools, name, event.merged_sha) if event.merged_sha else NOTHING
    held = of_number(holds.listed(tools.store, name), event.number)
    if not held or event.kind is not EventKind.PULL_REQUEST:
        return there
    places = [each.scope.environment for each in held]
    merged = [one.name for one in of_branch(there.environments, event.base_ref)] if event.merged_sha else []
    back = tuple(newest(tools, name, each) for each in places if each not in merged)
    return replace(there, holds=tuple(held), standings=standings(tools.store, name, places), newest=back)


def _as_merged(tools: Tools, name: str, event: Event, facts: Facts) -> Facts:
    """Read the file that merging would make, where the base has environments that the head lacks.

    A branch that is behind its base lacks what came there since. What cannot be merged goes by the head's own file: its
    plans say that it conflicts.
    """
    forge, path = split(name)
    tip = "" if facts.mistakes else tools.clients(forge).head(path, f"refs/heads/{event.base_ref}")
    if not tip or _at_commit(tools, name, tip).environments.keys() <= facts.environments.keys():
        return facts

    def make() -> str:
        source = remote(tools, name)
        return merged(tools.git_caches, tools.scratch, source, tip, event.sha, event.base_ref)

    try:
        return at_merge(make, partial(_at_commit, tools, name))
    except CheckoutFailed:
        return facts


def _of_rerun(tools: Tools, name: str, event: Event) -> Facts:
    """Find out whose head a commit is, what it brought last, and what the presser may."""
    forge, path = split(name)
    client, limits = tools.clients(forge), tools.project(name).environments
    number = event.number or asks.number_of_head(tools.store, name, event.sha)
    pull_request = client.pull_request(path, number) if number else None
    stranger = pull_request is not None and pull_request.fork
    return replace(
        NOTHING if stranger else _at_commit(tools, name, event.sha),
        repository=name,
        limits=limits,
        pull_request=pull_request,
        permission=client.permission(path, event.author) if event.author else "",
        standings=standings(tools.store, name, limits, tools.operator.drift_every),
    )


def _of_ask(tools: Tools, name: str, row: DeliveryRow, ask: Ask) -> Facts:
    """Find out what the command needs, and no more: a refused ask costs no question."""
    limits = tools.project(name).environments
    known = Facts(environments={}, limits=limits, public_url=tools.operator.public_url)
    if ask.refusal:
        return known
    command = named(ask.word)
    stand = standings(tools.store, name, limits, tools.operator.drift_every)
    known = replace(known, standings=stand, permission=_permission(tools, name, ask))
    lane = Lane(repository=name, environment=ask.environment)
    known = replace(known, holds=tuple(holds.listed(tools.store, name)))
    known = replace(known, releases=tuple(releases.listed(tools.store, lane)) if command.about_releases else ())
    command.may(ask, known)  # who may not is told so before anybody is asked about commits
    if not command.about_a_commit:
        return known
    if ask.source is Source.BUTTON and not ask.number:
        return _about(tools, name, known, _pressed(known, ask))
    if ask.source is not Source.COMMENT and not ask.number:
        known = _about(tools, name, known, revisions.of_command_line(tools, ask, limits.get(ask.environment)))
        return replace(known, back=going_back(tools, name, ask, known))
    forge, path = split(name)
    head, closed = asks.standing_of(tools.store, name, ask.number)
    pull_request = tools.clients(forge).pull_request(path, ask.number)
    if closed and pull_request.open:  # it was reopened, and no delivery told us
        asks.correct(tools.store, name, ask.number, (head, closed), (head, False))
    known = replace(known, pull_request=pull_request)
    if pull_request.merged and PRUNE in ask.arguments and (refused := _newest(known, ask.environment)):
        return _about(tools, name, known, Commit(sha=refused.sha, ref=refused.ref))
    if (pull_request.fork and not command.of_forks) or not pull_request.open:
        return known
    commit = revisions.of_comment(tools, row, ask, pull_request)
    known = _about(tools, name, known, commit)
    known = replace(known, back=None if command.of_forks else going_back(tools, name, ask, known))
    asked_about = limits.get(ask.environment)
    if command.of_forks or asked_about is None or asked_about.require_up_to_date == OFF:
        return known
    return replace(known, behind=_behind(tools.clients(forge), path, pull_request.base_ref, commit.sha))


def _behind(client: Client, path: str, base: str, sha: str) -> str:
    """Name the base branch where a commit lacks something of it."""
    tip = client.head(path, f"refs/heads/{base}")
    return base if tip and not client.contains(path, tip, sha) else ""


def _with_the_missing(tools: Tools, name: str, facts: Facts) -> Facts:
    """Add how environments stand that the commit's file does not have: something of theirs may run."""
    missing = [each for each in tools.project(name).environments if each not in facts.environments]
    if not missing or facts.mistakes:
        return facts
    return replace(facts, repository=name, standings=standings(tools.store, name, missing))


def _newest(known: Facts, environment: str) -> Deployment | None:
    """Give an environment's newest deployment: the one whose refusal whoever consents has read."""
    return next((each.latest for each in known.standings if each.environment == environment), None)


def _pressed(known: Facts, ask: Ask) -> Commit:
    """Give the commit of the check whose button was pressed; it goes on with the ref that it came there by.

    Raises:
        CommandRefused: something else was deployed there since.
    """
    buttons.refuse_what_moved(ask, known)
    latest = _newest(known, ask.environment)
    return Commit(sha=ask.sha, ref=latest.ref if latest else "")


def _about(tools: Tools, name: str, known: Facts, commit: Commit) -> Facts:
    there = _at_commit(tools, name, commit.sha)
    return replace(
        known,
        commit=commit,
        environments=there.environments,
        mistakes=there.mistakes,
        named=there.named,
        has_file=there.has_file,
    )


def _permission(tools: Tools, name: str, ask: Ask) -> str:
    if ask.source not in (Source.COMMENT, Source.BUTTON) or not (ask.environment or named(ask.word).of_forks):
        return ""  # the operator may everything, and what concerns no environment everybody may
    forge, path = split(name)
    return tools.clients(forge).permission(path, ask.who)


def _at_commit(tools: Tools, name: str, sha: str) -> Facts:
    try:
        environments, has_file = environments_at(tools, name, sha)
    except InvalidRepositoryFile as invalid:
        return Facts(environments={}, mistakes=invalid.mistakes, named=invalid.named)
    return Facts(environments=environments, has_file=has_file)
