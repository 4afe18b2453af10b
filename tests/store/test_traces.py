"""Traces are made of what stands in the store, told once, and lost by nobody: no dying process, no absent collector."""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa

from pushboat.model.span import Part, Span, caller_of, span_of, trace_of
from pushboat.model.state import State
from pushboat.routing import Decision
from pushboat.store import deliveries, enacting, ending, outbox, progress_lines, routing_jobs, traces
from pushboat.store.database.engine import Store
from pushboat.store.progress_lines import Line
from tests.store.repository import NAME, Repository, deploy, push, time_passes
from tests.until import until
from workers.tracing.sending import Sender

SETTLED = 20.0
"""Seconds after which all that is in a store shows."""


class Taking:
    """A collector that keeps what it takes, while it is there; `dies` ends who sent it something, before he knows."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.there, self.dies = True, False

    def take(self, spans: Sequence[Span]) -> bool:
        """Take them."""
        if self.there:
            self.spans += spans
        if self.dies:
            raise KeyboardInterrupt
        return self.there

    def close(self) -> None:
        """Do nothing."""

    def named(self, name: str) -> list[Span]:
        """Give those of a name."""
        return [each for each in self.spans if each.name == name]


@pytest.fixture
def taking() -> Taking:
    """A collector."""
    return Taking()


@pytest.fixture
def sender(store: Store, taking: Taking) -> Sender:
    """Who tells it, from now on."""
    traces.begin(store)
    return Sender(store, lambda: taking, threading.Event())


def deployed(repository: Repository, sha: str, state: State = State.SUCCEEDED, reason: str = "healthy") -> int:
    """Push a commit, deploy it, and post what is said of it; give the deployment."""
    claim = repository.claim(repository.push(sha))
    lines = [Line(deployment=claim.deployment.id, phase=phase, text="…") for phase in ("checkout", "render", "apply")]
    progress_lines.record(repository.store, lines)
    ending.finish(repository.store, claim, state, reason)
    repository.post_everything()
    return claim.deployment.id


def test_what_ended_is_told_of_once(store: Store, repository: Repository, sender: Sender, taking: Taking) -> None:
    """I find each push as one trace, whole, with nothing from before I asked for traces, and nothing twice."""
    number = deployed(repository, "a")
    time_passes(store, SETTLED)
    assert sender.send(taking)
    (delivery,), (deployment,) = taking.named("delivery push"), taking.named("deploy staging")
    assert {each.trace for each in taking.spans} == {delivery.trace}
    assert (delivery.parent, delivery.part, deployment.parent) == ("", Part.SERVER, delivery.id)
    hanging = [each.name for each in taking.spans if each.parent == deployment.id]
    assert hanging[0] == "queued"
    assert {"checkout", "render", "apply", "letter status"} <= set(hanging)
    row = repository.row(number)
    assert (deployment.begins, deployment.ends) == pytest.approx((row.created_at, row.finished_at), abs=1e-3)
    before = len(taking.spans)
    assert sender.send(taking)
    assert len(taking.spans) == before
    assert len({(each.trace, each.id) for each in taking.spans}) == before


def test_a_killed_sender_loses_nothing_and_tells_the_same(
    store: Store, repository: Repository, sender: Sender, taking: Taking
) -> None:
    """One that dies right after a batch is followed by one that sends the same ids again, and all that came since."""
    deployed(repository, "a")
    time_passes(store, SETTLED)
    taking.dies = True
    with pytest.raises(KeyboardInterrupt):
        sender.send(taking)
    first, taking.dies = list(taking.spans), False
    deployed(repository, "b")
    time_passes(store, SETTLED)
    other = Sender(store, lambda: taking, threading.Event(), owner="another dispatcher")
    assert other.send(taking)
    assert len(taking.spans) == len(first), "the lease of the dead one counts for a minute"
    time_passes(store, traces.LEASE)
    assert other.send(taking)
    ids = [(each.trace, each.id) for each in taking.spans]
    assert {each: ids.count(each) for each in {(one.trace, one.id) for one in first}} == {
        (one.trace, one.id): 2 for one in first
    }
    assert len({each.trace for each in taking.spans}) == 2


def test_what_a_collector_missed_is_sent_when_it_is_back(
    store: Store, repository: Repository, sender: Sender, taking: Taking, caplog: pytest.LogCaptureFixture
) -> None:
    """While it is away I read it once, nothing of the last hour is lost, and what is older is counted."""
    taking.there = False
    deployed(repository, "a")
    time_passes(store, 2 * 3600)
    deployed(repository, "b", State.FAILED, "the image is not there")
    time_passes(store, SETTLED)
    with caplog.at_level(logging.WARNING):
        assert not sender.send(taking)
        assert not sender.send(taking)
        standing = traces.standing(store)
        assert standing
        assert standing.trouble
        taking.there = True
        assert sender.send(taking)
    said = [record.getMessage() for record in caplog.records]
    assert len([each for each in said if "takes nothing" in each]) == 1
    assert len([each for each in said if "takes them again" in each]) == 1
    (deployment,) = taking.named("deploy staging")
    assert deployment.failed == "the image is not there"
    standing = traces.standing(store)
    assert standing
    assert (standing.trouble, standing.left_out > 0, bool(standing.sent_at)) == ("", True, True)
    assert len([each for each in said if "no traces are sent" in each]) == 1


def routed(store: Store, sha: str) -> None:
    """Let a router take up the delivery that is next, a moment after it came, and decide over it."""
    claim = routing_jobs.claim_routing(store, NAME, "router")
    assert claim
    row = routing_jobs.next_unrouted(store, claim)
    assert row
    decision = Decision(acts=(deploy(sha),), sentence="deploys")
    enacting.complete(store, replace(claim, took_up=time.monotonic()), row.id, decision)
    routing_jobs.release(store, claim)


def slow_to_begin(store: Store) -> None:
    """Let the store take a quarter of a second to write down that a deployment begins."""

    def wait(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO deployment "):
            over = time.monotonic() + 0.25
            until(lambda: time.monotonic() > over, at_once=True)

    sa.event.listen(store.engine, "before_cursor_execute", wait)


def held_together(store: Store, sender: Sender, taking: Taking) -> None:
    """See that what a router did lies within its delivery."""
    time_passes(store, SETTLED)
    assert sender.send(taking)
    (delivery,), (route,) = taking.named("delivery push"), taking.named("route")
    assert route.parent == delivery.id
    assert delivery.begins <= route.begins <= route.ends == delivery.ends


def test_no_router_began_before_its_delivery_came(
    store: Store, repository: Repository, sender: Sender, taking: Taking
) -> None:
    """What the store takes to write down what a push led to makes nobody begin earlier."""
    repository.receive("a")
    slow_to_begin(store)
    routed(store, "a")
    held_together(store, sender, taking)


def test_a_clock_that_is_set_back_puts_no_router_before_its_delivery(
    store: Store, repository: Repository, sender: Sender, taking: Taking
) -> None:
    """The machine's clock was ahead when the push came, and right again when it was routed."""
    repository.receive("a")
    with store.writing() as tx:
        tx.change(sa.text("UPDATE delivery SET received_at = received_at + 10"))
    routed(store, "a")
    held_together(store, sender, taking)


def test_a_deployment_that_never_ran_was_queued_and_nothing_else(
    store: Store, repository: Repository, sender: Sender, taking: Taking
) -> None:
    """One that was superseded shows how long it waited."""
    first = repository.push("a")
    repository.push("b", contains=[first])
    time_passes(store, SETTLED)
    assert sender.send(taking)
    (deployment,) = taking.named("deploy staging")
    assert deployment.attributes["pushboat.state"] == "superseded"
    (queued,) = [each for each in taking.spans if each.parent == deployment.id]
    assert (queued.name, queued.begins, queued.ends) == ("queued", deployment.begins, deployment.ends)


def test_who_sends_a_delivery_chooses_no_id(
    store: Store, repository: Repository, sender: Sender, taking: Taking
) -> None:
    """A traceparent header is a link at most: a stranger can neither join traces of ours nor name one."""
    theirs = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    event = replace(push("c"), sha="c")
    deliveries.accept(store, "github", "d-1", event, headers={"traceparent": f"00-{theirs[0]}-{theirs[1]}-01"})
    repository.route_waiting(deploy("c"))
    time_passes(store, SETTLED)
    assert sender.send(taking)
    (delivery,) = taking.named("delivery push")
    standing = traces.standing(store)
    assert standing
    assert delivery.trace == trace_of(standing.installation, "github", "d-1") != theirs[0]
    assert (delivery.caller, delivery.parent) == (theirs, "")
    for wrong in (
        "",
        "00",
        f"00-{'0' * 32}-{theirs[1]}-01",
        f"ff-{theirs[0]}-{theirs[1]}-01",
        f"00-{theirs[0]}-{theirs[1]}-01-x",
    ):
        assert caller_of(wrong) is None


def test_lines_of_the_log_name_the_trace_that_is_sent(
    store: Store, repository: Repository, sender: Sender, taking: Taking
) -> None:
    """What a line is told to name is what the collector gets; without traces it names none."""
    number = deployed(repository, "a")
    time_passes(store, SETTLED)
    assert sender.send(taking)
    on = replace(store, traces=True)
    assert {traces.id_of(on, "github", "delivery-1"), traces.id_of_deployment(on, number)} == {taking.spans[0].trace}
    assert (traces.id_of(store, "github", "delivery-1"), traces.id_of_deployment(store, number)) == (None, None)
    assert span_of("t", "a", "b") != span_of("t", "ab")


def test_a_letter_that_the_forge_will_not_have_failed(
    store: Store, repository: Repository, sender: Sender, taking: Taking
) -> None:
    """I see in the trace why nothing came of a status."""
    repository.push("a")
    (letter, *_) = outbox.due_head(store, "poster", "github")
    outbox.dead(store, letter, "no such commit")
    time_passes(store, SETTLED)
    assert sender.send(taking)
    assert [each.failed for each in taking.spans if each.name.startswith("letter")] == ["no such commit"]
