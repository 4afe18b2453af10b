"""The facts that a decision needs: the commit's `.pushboat.yaml`, and for a comment the forge's word on who asks."""

from dataclasses import replace

from pushboat import routing
from pushboat.errors import InvalidRepositoryFile
from pushboat.events import Event, EventKind
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
    if routing.ignored(event, operator_knows_repository=True):
        return NOTHING
    if event.kind is EventKind.COMMENT:
        return _of_comment(tools, name, event)
    if event.kind is EventKind.PULL_REQUEST and event.fork and not event.merged_sha:
        return NOTHING  # a stranger's commit is not even fetched
    return _at_commit(tools, name, event.merged_sha or event.sha)


def _of_comment(tools: Tools, name: str, event: Event) -> Facts:
    assert event.number is not None, "a comment that is not on a pull request was ignored"
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


def _line(deployment: Deployment) -> str:
    where = deployment.lane.environment
    return f"{where}: {short(deployment.sha)} {deployment.state.value}. {deployment.reason}".strip()
