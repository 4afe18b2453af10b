"""The facts that a decision needs: the commit's `.pushboat.yaml`, and for a comment the forge's word on who asks."""

from dataclasses import replace

from pushboat import commands
from pushboat.commands import Command
from pushboat.errors import CommandRefused, InvalidRepositoryFile
from pushboat.events import ZERO_SHA, Event, EventKind
from pushboat.model.deployment import Deployment, short
from pushboat.routing import Facts
from pushboat.store import deployments
from workers.sources import environments_at
from workers.tools import Tools, split

NOTHING = Facts(environments={})


def gather(tools: Tools, name: str, event: Event) -> Facts:
    """Find out what routing needs to know about an event of the repository `name` (`github/acme/shop`).

    Raises:
        ForgeUnavailable, ForgeRefused: the forge did not say.
        CheckoutFailed: the commit is no longer there.
    """
    if event.kind is EventKind.COMMENT:
        return _of_comment(tools, name, event)
    if event.kind is EventKind.PULL_REQUEST and (event.fork or event.action == "closed"):
        return NOTHING
    sha = event.merged_sha or event.sha
    if event.kind not in (EventKind.PUSH, EventKind.PULL_REQUEST) or sha in ("", ZERO_SHA):
        return NOTHING
    return _at_commit(tools, name, sha)


def _of_comment(tools: Tools, name: str, event: Event) -> Facts:
    command = _command(event)
    if command is None or event.action != "created" or event.comment_on != "pull_request" or event.number is None:
        return NOTHING
    forge, path = split(name)
    client = tools.clients(forge)
    pull_request = client.pull_request(path, event.number)
    permission = client.permission(path, event.author)
    facts = NOTHING if pull_request.fork else _at_commit(tools, name, pull_request.head_sha)
    running = tuple(_line(row) for row in deployments.latest_by_lane(tools.store, name) if row.lane.number == 0)
    return replace(facts, pull_request=pull_request, permission=permission, running=running)


def _at_commit(tools: Tools, name: str, sha: str) -> Facts:
    try:
        environments, has_file = environments_at(tools, name, sha)
    except InvalidRepositoryFile as invalid:
        return Facts(environments={}, mistakes=invalid.mistakes, named=invalid.named)
    return Facts(environments=environments, has_file=has_file)


def _command(event: Event) -> Command | None:
    try:
        return commands.parse(event.comment)
    except CommandRefused:
        return None


def _line(deployment: Deployment) -> str:
    where = deployment.lane.environment
    return f"{where}: {short(deployment.sha)} {deployment.state.value}. {deployment.reason}".strip()
