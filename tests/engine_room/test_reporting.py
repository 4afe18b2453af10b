"""A letter that cannot be posted today neither goes lost nor holds the others up."""

from dataclasses import replace

from pushboat.forges.table import client_of
from pushboat.model.state import State
from pushboat.routing import Decision, Post
from pushboat.store import deliveries, lanes, outbox, routing_jobs
from pushboat.store.database.engine import Store
from tests.fakes.github import FakeGitHub
from tests.store.repository import Repository, push, time_passes
from workers.reporting import report
from workers.tools import Clients, Tools


def test_statuses_wait_until_the_operator_has_renewed_the_token(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """The token expires while I deploy: once there is a valid one again, my commit is told how it ended."""
    lanes.finish(store, repository.claim(repository.push(main)), State.SUCCEEDED, "healthy")
    valid, github.token = github.token, "another token than Pushboat's"
    report(tools)
    assert github.statuses("acme/shop", main) == []
    assert outbox.backlog(store) == 3

    github.token = valid
    time_passes(store, 3600)
    report(tools)
    assert github.statuses("acme/shop", main)[-1][1:3] == ("success", "healthy")
    assert outbox.backlog(store) == 0


def test_statuses_wait_until_the_token_may_post_them(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """The token lacks the permission: the status is there soon after the operator granted it."""
    lanes.finish(store, repository.claim(repository.push(main)), State.SUCCEEDED, "healthy")
    scopes, github.scopes = github.scopes, []
    github.projects["acme/shop"].permissions[github.bot] = "read"
    report(tools)
    assert outbox.backlog(store) == 3

    github.scopes = scopes
    github.projects["acme/shop"].permissions[github.bot] = "write"
    time_passes(store, 3600)
    report(tools)
    assert github.statuses("acme/shop", main)[-1][1:3] == ("success", "healthy")


def of_another_forge(store: Store, forge: str) -> None:
    """Have a status wait for a forge, older than every other one."""
    accepted = deliveries.accept(store, forge, "one", push("c"))
    claim = routing_jobs.claim_routing(store, f"{forge}/acme/shop", "router")
    assert claim
    status = Post(sha="c", context="pushboat", state=State.FAILED, description="broken")
    routing_jobs.complete(store, claim, accepted.id, Decision(acts=(status,), sentence="nothing deploys"))


def test_a_forge_that_left_the_operators_file_holds_no_other_up(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """The operator removes a forge: what it was still to be told is given up, the other forges hear everything."""
    of_another_forge(store, "gone")
    repository.push(main)
    report(tools)
    assert len(github.statuses("acme/shop", main)) == 1
    assert outbox.backlog(store) == 0


def test_a_bug_in_one_letter_holds_no_other_up(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """One status meets a bug of ours: it is tried again later, and all others are posted meanwhile."""
    of_another_forge(store, "odd")
    repository.push(main)
    forges = {**tools.operator.forges, "odd": replace(github.configured(), name="odd", kind="no-such-kind")}
    report(replace(tools, clients=Clients(replace(tools.operator, forges=forges), client_of).of))
    assert len(github.statuses("acme/shop", main)) == 1
    assert outbox.backlog(store) == 1
    assert not outbox.has_due(store)
