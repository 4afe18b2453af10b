"""The facts that a decision needs: the commit's `.pushboat.yaml`, and for an ask who asks, and what runs where."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from pushboat import routing
from pushboat.config.kinds import KINDS
from pushboat.config.project import OFF
from pushboat.errors import CheckoutFailed, CommandRefused, InvalidRepositoryFile
from pushboat.events import Event, EventKind
from pushboat.forges.answers import Forbidden
from pushboat.forges.protocol import Client
from pushboat.model.ask import Ask, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.standing import Standing
from pushboat.model.wording import code
from pushboat.reading.environments import standings
from pushboat.routing import Commit, Facts, PullRequest, buttons
from pushboat.routing.command import PRUNE, named
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.store import asks, holds, releases
from workers.routing import proposed, revisions
from workers.routing.inheriting import inherited
from workers.source.environments import environments_at, remote
from workers.source.git.merging import at_merge, merged
from workers.tools import Tools, split

NOTHING = Facts(environments={})
TAGS = "refs/tags/"


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
    if event.kind is EventKind.PULL_REQUEST and event.action in routing.ENDED:
        return proposed.ending(tools, name, row)
    if event.action in (*routing.ENDED, "merged") and not event.merged_sha:
        return NOTHING
    known = NOTHING
    if event.kind is EventKind.PULL_REQUEST and not event.merged_sha:
        known = proposed.standing(tools, name, row)
        if event.fork is not False or known.closed or known.head not in ("", event.sha):
            return known  # a stranger's commit is not even fetched, nor one whose origin nobody says
    there = _at_commit(tools, name, event.merged_sha or event.sha)
    if event.kind is EventKind.PULL_REQUEST and not event.merged_sha:
        there = _as_merged(tools, name, event, there)
    facts = replace(there, closed=known.closed, head=known.head)
    return _with_the_missing(tools, name, facts, event.tag) if event.kind is EventKind.PUSH else facts


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
    if ways := _own_account(tools, name, ask):
        return replace(known, own_account=ways)
    if ask.refusal:
        return known
    command = named(ask.word)
    stand = standings(tools.store, name, limits, tools.operator.drift_every)
    known = replace(known, standings=stand, permission=_permission(tools, name, ask))
    lane = Lane(repository=name, environment=ask.environment)
    known = replace(known, holds=tuple(holds.listed(tools.store, name)))
    known = replace(known, releases=tuple(releases.listed(tools.store, lane)) if command.about_releases else ())
    command.may(ask, known)  # who may not is told so before anybody is asked about commits
    if command.inherits and ask.environment in limits and not _knows(known, ask.environment):
        return replace(known, commit=inherited(tools, name, limits[ask.environment]))
    if not command.about_a_commit:
        return known
    if ask.source is Source.BUTTON and not ask.number:
        return _about(tools, name, known, _pressed(known, ask))
    if ask.source is not Source.COMMENT and not ask.number:
        return _about(tools, name, known, revisions.of_command_line(tools, ask, limits.get(ask.environment)))
    forge, path = split(name)
    pull_request = tools.clients(forge).pull_request(path, ask.number)
    known = replace(known, pull_request=pull_request)
    if pull_request.merged and PRUNE in ask.arguments and (refused := _newest(known, ask.environment)):
        return _about(tools, name, known, Commit(sha=refused.sha, ref=refused.ref))
    if (pull_request.fork and not command.of_forks) or not pull_request.open:
        return known
    commit = revisions.of_comment(tools, row, ask, pull_request)
    known = _about(tools, name, replace(known, moved=_moved(tools, row, ask, commit, pull_request)), commit)
    asked_about = limits.get(ask.environment)
    if command.of_forks or asked_about is None or asked_about.require_up_to_date == OFF:
        return known
    return replace(known, behind=_behind(tools.clients(forge), path, pull_request.base_ref, commit.sha))


def _moved(tools: Tools, row: DeliveryRow, ask: Ask, commit: Commit, pull_request: PullRequest) -> str:
    """Say where people see what came after the head that the asker saw; a replay means the commit of then."""
    if row.replayed or commit.sha == pull_request.head_sha:
        return ""
    forge = tools.operator.forges[split(ask.repository)[0]]
    path = split(ask.repository)[1]
    return KINDS[forge.kind].compare_url(forge.url, path, commit.sha, pull_request.head_sha)


def _behind(client: Client, path: str, base: str, sha: str) -> str:
    """Name the base branch where a commit lacks something of it."""
    tip = client.head(path, f"refs/heads/{base}")
    return base if tip and not client.contains(path, tip, sha) else ""


def _with_the_missing(tools: Tools, name: str, facts: Facts, tag: str) -> Facts:
    """Add how environments stand that the commit's file does not have: something of theirs may run."""
    missing = [each for each in tools.project(name).environments if each not in facts.environments]
    if not missing or facts.mistakes:
        return facts
    found = standings(tools.store, name, missing)
    return replace(facts, repository=name, standings=found, followed=_followed(tools, name, found) if tag else {})


def _followed(tools: Tools, name: str, missing: Sequence[Standing]) -> Mapping[str, str]:
    """Say which tags environments followed that a tag's file has no more, by the file of what runs there."""
    followed: dict[str, str] = {}
    for each in missing:
        there = each.runs if each.runs and each.runs.ref.startswith(TAGS) else None
        try:
            known = _at_commit(tools, name, there.sha).environments if there else {}
        except CheckoutFailed:  # that commit is gone, and what it followed with it
            continue
        followed |= {one.name: one.tag for one in known.values() if one.name == each.environment and one.tag}
    return followed


def _knows(known: Facts, environment: str) -> bool:
    """Say whether our store has anything of an environment."""
    return any(each.runs or each.latest for each in known.standings if each.environment == environment)


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


def _own_account(tools: Tools, name: str, ask: Ask) -> str:
    """Say how we could get an account of our own, where the one that we act as asks and the operator forbids that."""
    forge, path = split(name)
    settings = tools.operator.forges.get(forge)
    if ask.source is not Source.COMMENT or settings is None or settings.commands_from_own_account:
        return ""
    try:
        ours = tools.clients(forge).account(path)
    except Forbidden as refusal:
        raise CommandRefused(
            f"Pushboat cannot find out which account it acts as, whose own comments must command nothing "
            f"({code(refusal.summary, LONGEST_SENTENCE)}). The operator: let the token read its own user, or set "
            f"{code('commands_from_own_account: true')} under {code(f'forges.{forge}')} in pushboat.yaml."
        ) from refusal
    return KINDS[settings.kind].own_account if ours and ours.casefold() == ask.who.casefold() else ""


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
