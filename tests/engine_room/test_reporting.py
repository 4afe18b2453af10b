"""A letter that cannot be posted today neither goes lost nor holds the others up."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from pushboat.config.operator import Forge
from pushboat.forges.table import client_of
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.routing import Decision, Post
from pushboat.store import announcing, deliveries, enacting, ending, giving_up, outbox, routing_jobs
from pushboat.store.database.engine import Store
from tests.engine_room.reported import report_all
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.store.repository import Repository, push, time_passes
from workers.reporting import SEATS, Seats, report, threads
from workers.tools import Clients, Tools


def test_statuses_wait_until_the_operator_has_renewed_the_token(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """The token expires while I deploy: once there is a valid one again, my commit is told how it ended."""
    ending.finish(store, repository.claim(repository.push(main)), State.SUCCEEDED, "healthy")
    valid, github.token = github.token, "another token than Pushboat's"
    report_all(tools)
    assert github.statuses("acme/shop", main) == []
    assert outbox.backlog(store) == 6  # beside each status what the list of deployments is told

    github.token = valid
    time_passes(store, 3600)
    report_all(tools)
    assert github.statuses("acme/shop", main)[-1][1:3] == ("success", "healthy")
    assert outbox.backlog(store) == 0


def test_statuses_are_sent_again_once_the_token_may_post_them(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """The token lacks the permission, which holds nothing up; when it is granted, the status is sent by a command."""
    ending.finish(store, repository.claim(repository.push(main)), State.SUCCEEDED, "healthy")
    scopes, github.scopes = github.scopes, []
    github.projects["acme/shop"].permissions[github.bot] = "read"
    report_all(tools)
    assert outbox.backlog(store) == 0
    assert giving_up.numbers(store) == {"github": 3}

    github.scopes = scopes
    github.projects["acme/shop"].permissions[github.bot] = "write"
    time_passes(store, 3600)
    assert len(giving_up.put_all_back(store).again) == 1, "the last word of three"
    report_all(tools)
    assert github.statuses("acme/shop", main)[-1][1:3] == ("success", "healthy")


def of_another_forge(store: Store, forge: str) -> None:
    """Have a status wait for a forge, older than every other one."""
    accepted = deliveries.accept(store, forge, "one", push("c"))
    claim = routing_jobs.claim_routing(store, f"{forge}/acme/shop", "router")
    assert claim
    status = Post(sha="c", context="pushboat", state=State.FAILED, description="broken")
    enacting.complete(store, claim, accepted.id, Decision(acts=(status,), sentence="nothing deploys"))


def test_a_forge_that_left_the_operators_file_holds_no_other_up(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """The operator removes a forge: what it was still to be told is given up, the other forges hear everything."""
    of_another_forge(store, "gone")
    repository.push(main)
    report_all(tools)
    assert len(github.statuses("acme/shop", main)) == 1
    assert outbox.backlog(store) == 0


def test_a_bug_in_one_letter_holds_no_other_up(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """One status meets a bug of ours: it is tried again later, and all others are posted meanwhile."""
    of_another_forge(store, "odd")
    repository.push(main)
    forges = {**tools.operator.forges, "odd": replace(github.configured(), name="odd", kind="no-such-kind")}
    report_all(replace(tools, clients=Clients(replace(tools.operator, forges=forges), client_of).of))
    assert len(github.statuses("acme/shop", main)) == 1
    assert outbox.backlog(store) == 1
    assert outbox.due_forges(store) == []


def test_a_kind_of_letter_that_a_forge_cannot_show_is_settled(
    tools: Tools, store: Store, tmp_path: Path, repository: Repository
) -> None:
    """A reply on a server that has no conversations is no error and holds nothing up."""
    local = Forge(name="local", kind="git", root=tmp_path)
    operator = replace(tools.operator, forges={"local": local})
    with store.writing() as tx:
        announcing.reply(tx, "local/shop", 7, "hello", 1)
    report_all(replace(tools, clients=Clients(operator, client_of).of))
    with store.reading() as tx:
        (row,) = tx.rows(sa.text("SELECT outcome, error FROM outbox"))
    assert (row["outcome"], row["error"]) == ("not shown by this forge", "")
    assert outbox.backlog(store) == 0


def test_what_a_forge_cannot_show_is_settled_in_one_go(
    tools: Tools, store: Store, tmp_path: Path, repository: Repository
) -> None:
    """Once a server turned out to have no conversations, the replies that wait for it are settled beside one letter."""
    local = Forge(name="local", kind="git", root=tmp_path)
    (tmp_path / "shop.git").mkdir()
    operator, seats = replace(tools.operator, forges={"local": local}), Seats()
    for number in range(2):
        with store.writing() as tx:
            for _ in range(30):
                announcing.reply(tx, "local/shop", 7, "hello", 1)
            announcing.announce_status(tx, "local/shop", f"{number}" * 40, shown(number))
        report(replace(tools, clients=Clients(operator, client_of).of), seats, "local")
        with store.reading() as tx:
            rows = tx.rows(sa.text("SELECT outcome, attempts FROM outbox WHERE kind = 'reply'"))
        assert {row["outcome"] for row in rows} == {"not shown by this forge"}
        assert sum(row["attempts"] for row in rows) == 1, "it was found out once, and no other one was taken"


def test_a_letter_is_noted_with_the_next_one(tools: Tools, github: FakeGitHub, store: Store, main: str) -> None:
    """A hundred statuses cost the store one write each, so that a deployment does not wait for its reports."""
    with store.writing() as tx:
        for number in range(5):
            announcing.announce_status(tx, "github/acme/shop", main, shown(number))
    writes: list[str] = []
    sa.event.listen(store.engine, "commit", lambda connection: writes.append("") if is_writing(connection) else None)
    report(tools, Seats(), "github")
    assert len(github.statuses("acme/shop", main)) == 5
    assert outbox.backlog(store) == 0
    assert len(writes) == 5 + 1


def is_writing(connection: sa.Connection) -> bool:
    """Say whether a transaction may write."""
    return not connection.get_execution_options().get("pushboat_reads", False)


def test_a_forge_that_cannot_be_reached_holds_its_own_letters_only(
    tools: Tools, github: FakeGitHub, gitlab: FakeGitLab, store: Store, repository: Repository, main: str
) -> None:
    """Nobody listens at GitHub: GitLab hears everything, and once GitHub is back it hears all of it, in order."""
    ending.finish(store, repository.claim(repository.push(main)), State.SUCCEEDED, "healthy")
    sha = gitlab.projects["acme/shop"].bare.resolve("refs/heads/main")
    with store.writing() as tx:
        announcing.announce_status(tx, "gitlab/acme/shop", sha, shown(1))
    gone = replace(github.configured(), api_url="http://127.0.0.1:9")
    for forge, left in ((gone, 6), (github.configured(), 0)):
        operator = replace(tools.operator, forges={"github": forge, "gitlab": gitlab.configured()})
        report_all(replace(tools, clients=Clients(operator, client_of).of))
        assert outbox.backlog(store) == left
        assert len(gitlab.statuses("acme/shop", sha)) == 1
        time_passes(store, 5)
    told = [sentence for _, _, sentence, _ in github.statuses("acme/shop", main)]
    assert told == ["waits for a free worker", "deploying", "healthy"]


def test_a_forge_that_never_answers_keeps_its_own_seats_only(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str, gitlab: FakeGitLab
) -> None:
    """GitHub takes our connections and says nothing: GitLab hears everything, from the same threads, meanwhile."""
    operator = replace(tools.operator, forges={"github": github.configured(), "gitlab": gitlab.configured()})
    tools, seats = replace(tools, operator=operator, clients=Clients(operator, client_of).of), Seats()
    sha = gitlab.projects["acme/shop"].bare.resolve("refs/heads/main")
    with store.writing() as tx:
        for number in range(3 * SEATS):
            announcing.announce_status(tx, "github/acme/shop", main, shown(number))
        for number in range(3 * SEATS):
            announcing.announce_status(tx, "gitlab/acme/shop", sha, shown(number))
    with ThreadPoolExecutor(threads(operator)) as pool, github.silence("/statuses/"):
        for _ in range(3 * SEATS):  # hints come again and again, as long as something is due
            pool.submit(report, tools, seats, "github")
        pool.submit(report, tools, seats, "gitlab").result(timeout=60)
        assert len(gitlab.statuses("acme/shop", sha)) == 3 * SEATS
        assert github.statuses("acme/shop", main) == []
        tools.stopping.set()
    time_passes(store, 3600)
    tools.stopping.clear()
    report(tools, seats, "github")
    assert len(github.statuses("acme/shop", main)) == 3 * SEATS


def shown(number: int) -> Status:
    """A status of one of many environments."""
    return Status(context=f"pushboat/env-{number}", state=State.RUNNING, description="deploying", path="/")


def test_a_server_that_becomes_a_forge_hears_replies(
    tools: Tools, gitlab: FakeGitLab, store: Store, tmp_path: Path
) -> None:
    """A plain git server had no place for replies; under its name there is a GitLab now, which gets all of them."""
    seats, local = Seats(), Forge(name="code", kind="git", root=tmp_path)
    (number,) = (gitlab.open_pull_request("acme/shop", "main").number,)
    for forge in (local, replace(gitlab.configured(), name="code")):
        with store.writing() as tx:
            announcing.reply(tx, "code/acme/shop", number, "hello", 1)
        operator = replace(tools.operator, forges={"code": forge})
        report(replace(tools, operator=operator, clients=Clients(operator, client_of).of), seats, "code")
    assert len(gitlab.comments("acme/shop", number)) == 1


def test_what_meets_a_bug_for_a_day_is_given_up_and_seen(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """One reply meets a bug of ours for ever: after a day what stands behind it goes, and it can be sent again."""
    for body in ("one", "two"):
        with store.writing() as tx:
            announcing.reply(tx, "github/acme/shop", 7, body, 1, once=body)
            tx.change(sa.text("UPDATE outbox SET payload = replace(payload, '\"one\"', '1')"))
    report_all(tools)
    assert outbox.backlog(store) == 2
    with store.writing() as tx:
        tx.change(sa.text("UPDATE outbox SET attempts = 287 WHERE attempts > 0"))
    time_passes(store, 301)
    report_all(tools)
    assert outbox.backlog(store) == 2, "a forge that was away for hours is no bug: it has as many tries behind it"
    time_passes(store, 24 * 3600)
    report_all(tools)
    assert outbox.backlog(store) == 0
    assert [each.error for each in giving_up.listed(store, 9)] == ["Pushboat's own fault; its log has the details"]
    assert len(github.comments("acme/shop", 7)) == 1
