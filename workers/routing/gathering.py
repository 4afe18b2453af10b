"""The facts that a decision needs: the commit's `.pushboat.yaml`, and for a comment the forge's word on who asks."""

from dataclasses import replace

from pushboat import routing
from pushboat.errors import InvalidRepositoryFile
from pushboat.events import EventKind
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment, short
from pushboat.routing import Facts
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from workers.source.environments import environments_at
from workers.tools import Tools, split

NOTHING = Facts(environments={})


def gather(tools: Tools, name: str, row: DeliveryRow) -> Facts:
    """Find out what routing needs to know about a delivery of the repository `name` (`github/acme/shop`).

    Raises:
        ForgeUnavailable, ForgeRefused: the forge did not say.
        CheckoutFailed: the commit is no longer there.
    """
    event = row.event
    if routing.ignored(event, operator_knows_repository=True):
        return NOTHING
    if event.kind is EventKind.COMMENT:
        return _of_comment(tools, name, row)
    if event.kind is EventKind.PULL_REQUEST and event.fork is not False and not event.merged_sha:
        return NOTHING  # a stranger's commit is not even fetched, nor one whose origin nobody says
    return _at_commit(tools, name, event.merged_sha or event.sha)


def _of_comment(tools: Tools, name: str, row: DeliveryRow) -> Facts:
    event = row.event
    assert event.number is not None, "a comment that is not on a pull request was ignored"
    forge, path = split(name)
    client = tools.clients(forge)
    pull_request = client.pull_request(path, event.number)
    pull_request = replace(pull_request, head_sha=_head_at(row, tools.store) or pull_request.head_sha)
    permission = client.permission(path, event.author)
    facts = NOTHING if pull_request.fork else _at_commit(tools, name, pull_request.head_sha)
    running = tuple(_line(row) for row in deployments.latest_by_lane(tools.store, name) if row.lane.number == 0)
    return replace(facts, pull_request=pull_request, permission=permission, running=running)


def _head_at(row: DeliveryRow, store: Store) -> str:
    """Find the head that the comment's writer saw: said in the payload, or by a push that came after the comment."""
    if row.event.sha:
        return row.event.sha
    for later in deliveries.waiting_behind(store, row):
        event = later.event
        if (event.kind, event.action, event.number) == (EventKind.PULL_REQUEST, "updated", row.event.number):
            return event.before
    return ""


def _at_commit(tools: Tools, name: str, sha: str) -> Facts:
    try:
        environments, has_file = environments_at(tools, name, sha)
    except InvalidRepositoryFile as invalid:
        return Facts(environments={}, mistakes=invalid.mistakes, named=invalid.named)
    return Facts(environments=environments, has_file=has_file)


def _line(deployment: Deployment) -> str:
    where = deployment.lane.environment
    return f"{where}: {short(deployment.sha)} {deployment.state.value}. {deployment.waits or deployment.reason}".strip()
