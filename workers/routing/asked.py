"""The facts that a command needs: who asks and may what, what runs where, and which commit is meant."""

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from pushboat.config.kinds import KINDS
from pushboat.config.project import OFF, Limits
from pushboat.errors import CheckoutFailed, CommandRefused, InvalidRepositoryFile
from pushboat.forges.answers import Forbidden
from pushboat.forges.protocol import Client
from pushboat.model.ask import Ask, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.refs import HEADS, followed_ref
from pushboat.model.wording import code
from pushboat.reading.environments import standings
from pushboat.routing import Commit, Facts, PullRequest, buttons
from pushboat.routing.command import FROM, PRUNE, named
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.permission import people
from pushboat.store import asks, holds, releases
from workers import permitting
from workers.routing import approvals, promoting, reachable, revisions
from workers.routing.described import about
from workers.routing.going_back import going_back
from workers.routing.inheriting import inherited
from workers.routing.newest import untold
from workers.source.environments import environments_at, fetched
from workers.source.git.heads import default_head
from workers.tools import Tools, split

_UNDER_A_NAME = (Source.COMMENT, Source.DEPLOYMENT)
"""What our own account writes as well, so that it commands nothing under its name."""


def of_ask(tools: Tools, name: str, row: DeliveryRow, ask: Ask) -> Facts:
    """Find out what the command needs, and no more: a refused ask costs no question.

    Raises:
        CommandRefused: the ask cannot be carried out, whatever else is found out.
        ForgeUnavailable, ForgeRefused: the forge did not say.
        CheckoutFailed: the commit is no longer there.
    """
    there = tools.environments(name)
    limits = tools.environments(name, [ask.environment, ask.arguments.get(FROM, "")])
    known = Facts(environments={}, limits=limits, public_url=tools.operator.public_url)
    if ways := _own_account(tools, name, ask):
        return replace(known, own_account=ways)
    if ask.refusal:
        return known
    command = named(ask.word)
    stand = standings(tools.store, name, limits, tools.operator.drift_every)
    permission, teams = _permission(tools, name, ask)
    known = replace(known, standings=stand, permission=permission, teams=teams)
    lane = Lane(repository=name, environment=ask.environment)
    known = replace(known, holds=tuple(holds.listed(tools.store, name)))
    known = replace(known, releases=tuple(releases.listed(tools.store, lane)) if command.about_releases else ())
    command.may(ask, known)  # who may not is told so before anybody is asked about commits
    if command.inherits and ask.environment in limits and not _knows(known, ask.environment):
        return replace(known, commit=inherited(tools, name, limits[ask.environment]))
    if command.promotes:
        return promoting.of_ask(tools, name, ask, known)
    if not command.about_a_commit:
        return _of_no_commit(tools, name, ask, known, there)
    if ask.source is Source.DEPLOYMENT:
        known = _whose(tools, name, ask, about(tools, name, known, reachable.of_forge_deployment(tools, ask)))
        return replace(known, back=going_back(tools, name, ask, known))
    if command.of_approvals:
        return approvals.of_ask(tools, row, ask, known)
    if ask.source is Source.BUTTON and not ask.number:
        return _pressed(tools, name, known, ask)
    if ask.source is not Source.COMMENT and not ask.number:
        meant = revisions.of_command_line(tools, ask, limits.get(ask.environment))
        known = _whose(tools, name, ask, about(tools, name, known, meant))
        return replace(known, back=going_back(tools, name, ask, known))
    return _of_pull_request(tools, name, row, ask, known)


def _whose(tools: Tools, name: str, ask: Ask, known: Facts) -> Facts:
    """Find out which open pull request's head a commit is, unless what the environment follows has it already."""
    commit, environment = known.commit, known.environments.get(ask.environment)
    numbers = asks.numbers_of_head(tools.store, name, commit.sha) if commit else []
    if commit is None or environment is None or not numbers:
        return known
    if environment.tag and fnmatchcase(commit.ref, followed_ref("", environment.tag)):
        return known
    forge, path = split(name)
    tip = tools.client(forge).head(path, f"{HEADS}{environment.branch}") if environment.branch else ""
    if tip and reachable.contains(tools, name, commit.sha, tip):
        return known
    return replace(known, commit=replace(commit, pull_request=numbers[0]))


def _of_pull_request(tools: Tools, name: str, row: DeliveryRow, ask: Ask, known: Facts) -> Facts:
    """Find out how the pull request stands that was commented on, and which commit of it is meant."""
    command, pull_request = named(ask.word), _found(tools, name, ask.number)
    known = replace(known, pull_request=pull_request)
    if pull_request.merged and PRUNE in ask.arguments and (refused := _newest(known, ask.environment)):
        return about(tools, name, known, Commit(sha=refused.sha, ref=refused.ref))
    if (pull_request.fork and not command.of_forks) or not pull_request.open:
        return known
    commit = revisions.of_comment(tools, row, ask, pull_request)
    known = about(tools, name, replace(known, moved=revisions.moved(tools, row, ask, commit, pull_request)), commit)
    known = replace(known, back=None if command.of_forks else going_back(tools, name, ask, known))
    return known if command.of_forks else _with_its_base(tools, name, ask, known, pull_request)


def _found(tools: Tools, name: str, number: int) -> PullRequest:
    """Ask the forge how a pull request stands now."""
    forge, path = split(name)
    head, closed = asks.standing_of(tools.store, name, number)
    pull_request = tools.client(forge).pull_request(path, number)
    if closed and pull_request.open:  # it was reopened, and no delivery told us
        asks.correct(tools.store, name, number, (head, closed), (head, False))
    return pull_request


def _with_its_base(tools: Tools, name: str, ask: Ask, known: Facts, pull_request: PullRequest) -> Facts:
    """Find out whether the commit lacks something of the pull request's base, where the operator wants to know."""
    limits, commit = known.limits.get(ask.environment), known.commit
    if limits is None or commit is None or limits.require_up_to_date == OFF:
        return known
    forge, path = split(name)
    return replace(known, behind=_behind(tools.client(forge), path, pull_request.base_ref, commit.sha))


def _behind(client: Client, path: str, base: str, sha: str) -> str:
    """Name the base branch where a commit lacks something of it."""
    tip = client.head(path, f"refs/heads/{base}")
    return base if tip and not client.contains(path, tip, sha) else ""


def _of_no_commit(tools: Tools, name: str, ask: Ask, known: Facts, there: Mapping[str, Limits]) -> Facts:
    """See to it that the environment is one; then what is needed of it.

    Raises:
        UnknownEnvironment: its name is like those of a pattern, and it is none.
    """
    command = named(ask.word)
    if ask.environment in known.limits.keys() - there.keys() and not _has_come(tools, name, ask.environment):
        command.may(ask, replace(known, limits=there))
    return _with_the_untold(tools, name, known, ask.environment) if command.lets_go else known


def _has_come(tools: Tools, name: str, environment: str) -> bool:
    """Say whether the default branch has an environment, to which nothing was deployed yet."""
    sha = fetched(tools, name, lambda remote: default_head(tools.scratch, remote))
    try:
        return bool(sha) and environment in environments_at(tools, name, sha)[0]
    except (CheckoutFailed, InvalidRepositoryFile):
        return False


def _knows(known: Facts, environment: str) -> bool:
    """Say whether our store has anything of an environment."""
    return any(each.runs or each.latest for each in known.standings if each.environment == environment)


def _with_the_untold(tools: Tools, name: str, known: Facts, environment: str) -> Facts:
    """Find out what a look will bring to an environment, where nothing is on its way there already."""
    comes = any(each.unfinished for each in known.standings if each.environment == environment)
    if comes or environment not in known.limits:
        return known
    return replace(known, newest=untold(tools, name, environment))


def _newest(known: Facts, environment: str) -> Deployment | None:
    """Give an environment's newest deployment: the one whose refusal whoever consents has read."""
    return next((each.latest for each in known.standings if each.environment == environment), None)


def _pressed(tools: Tools, name: str, known: Facts, ask: Ask) -> Facts:
    """Find the commit of the check whose button was pressed; it goes on with the ref that it came there by.

    A pull request's commit is still that one's, whose permission to be there may have ended with it.

    Raises:
        CommandRefused: something else was deployed there since.
    """
    buttons.refuse_what_moved(ask, known)
    latest = _newest(known, ask.environment)
    commit = Commit(sha=ask.sha, ref=latest.ref if latest else "")
    if latest is None or not latest.pull_request:
        return about(tools, name, known, commit)
    pull_request = _found(tools, name, latest.pull_request)
    known = replace(known, pull_request=pull_request)
    if pull_request.fork or not pull_request.open:
        return known
    return _with_its_base(tools, name, ask, about(tools, name, known, commit), pull_request)


def _own_account(tools: Tools, name: str, ask: Ask) -> str:
    """Say how we could get an account of our own, where the one that we act as asks and the operator forbids that."""
    forge, path = split(name)
    settings = tools.operator.forges.get(forge)
    if ask.source not in _UNDER_A_NAME or settings is None or settings.commands_from_own_account:
        return ""
    try:
        ours = tools.client(forge).account(path)
    except Forbidden as refusal:
        raise CommandRefused(
            f"Pushboat cannot find out which account it acts as, whose own comments must command nothing "
            f"({code(refusal.summary, LONGEST_SENTENCE)}). The operator: let the token read its own user, or set "
            f"{code('commands_from_own_account: true')} under {code(f'forges.{forge}')} in pushboat.yaml."
        ) from refusal
    return KINDS[settings.kind].own_account if ours and ours.casefold() == ask.who.casefold() else ""


def _permission(tools: Tools, name: str, ask: Ask) -> tuple[str, frozenset[str]]:
    login, limits = tools.operator.login, tools.project(name).environments.get(ask.environment)
    if login is not None and permitting.is_of_account(login, ask):
        return permitting.standing_of_account(tools, login, ask, people(limits, ask.word) if limits else ())
    if ask.source not in (*_UNDER_A_NAME, Source.BUTTON) or not (ask.environment or named(ask.word).of_forks):
        return "", frozenset()  # the operator may everything, and what concerns no environment everybody may
    return permitting.standing(tools, name, ask.who, people(limits, ask.word) if limits else ())
