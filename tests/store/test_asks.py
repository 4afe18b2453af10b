"""An ask is kept beside its delivery, with the head that was known then, and every verdict on it stays readable."""

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.routing import Answer, Decision
from pushboat.routing.buttons import CHECK, RERUN
from pushboat.store import audit, deliveries, enacting, routing_jobs
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy

COMMENT = Event(kind=EventKind.COMMENT, action="created", repository="acme/shop", number=7, comment="/deploy staging")


def ask(**fields: object) -> Ask:
    """Wendy's comment on pull request 7."""
    values = {"word": "deploy", "environment": "staging", "who": "wendy", "source": Source.COMMENT, "number": 7}
    return Ask(**{**values, "repository": NAME, **fields})  # type: ignore[arg-type]


def head(store: Store, sha: str, action: str = "updated", before: str = "", number: int = 7) -> None:
    """Accept news of a pull request's head."""
    event = Event(
        kind=EventKind.PULL_REQUEST, action=action, repository="acme/shop", number=number, sha=sha, before=before
    )
    deliveries.accept(store, "github", f"{action} {before} {sha} {number}", event)


def accepted(store: Store, name: str = "comment", **fields: object) -> DeliveryRow:
    """Accept an ask and read it back."""
    number = deliveries.accept(store, "github", name, COMMENT, asked=(ask(**fields),)).id
    row = deliveries.find(store, number)
    assert row
    return row


def bound(store: Store, name: str = "comment", **fields: object) -> str:
    """Say to which commit an ask is bound that comes now."""
    (kept,) = accepted(store, name, **fields).asks
    return kept.sha


def test_an_ask_comes_back_as_it_was_asked(store: Store) -> None:
    """Word, place, person and refusal are what they were."""
    wanted = ask(arguments={"sha": "1a2b"}, sha="1a2b", refusal="It cannot be read.", puzzled=True)
    number = deliveries.accept(store, "github", "one", COMMENT, asked=(wanted,)).id
    row = deliveries.find(store, number)
    assert row
    (kept,) = row.asks
    assert kept.id
    assert kept.at == row.received_at
    assert kept == ask(
        arguments={"sha": "1a2b"}, sha="1a2b", refusal="It cannot be read.", puzzled=True, id=kept.id, at=kept.at
    )
    assert deliveries.listed(store)[0].asks == row.asks


def test_a_repeated_delivery_asks_once(store: Store) -> None:
    """The forge sends my comment twice: it is one ask."""
    first = accepted(store)
    assert accepted(store).asks == first.asks == deliveries.listed(store)[0].asks


def test_an_ask_is_bound_to_the_head_that_was_known_when_it_came(store: Store) -> None:
    """What arrives after my comment does not change what I meant."""
    head(store, "a", "opened")
    head(store, "other", "opened", number=8)
    before = accepted(store)
    head(store, "b", before="a")
    assert before.asks[0].sha == "a"
    assert deliveries.listed(store)[-1].id
    assert bound(store, "second") == "b"
    again = deliveries.find(store, before.id)
    assert again
    assert again.asks[0].sha == "a"


def test_the_forges_own_word_counts_more_than_our_memory(store: Store) -> None:
    """GitLab says which commit a comment was written about."""
    head(store, "a", "opened")
    assert bound(store, sha="b") == "b"


def test_an_ask_on_a_pull_request_that_we_never_heard_of_is_bound_to_nothing(store: Store) -> None:
    """Nothing is guessed."""
    assert bound(store) == ""


def test_late_news_do_not_set_a_head_back_and_a_force_push_does(store: Store) -> None:
    """Two pushes told of in the wrong order end at the newer one; going back on purpose goes back."""
    head(store, "a", "opened")
    head(store, "c", before="b")
    head(store, "b", before="a")
    assert bound(store, "1") == "c"
    head(store, "a", "retargeted")
    assert bound(store, "2") == "c"
    head(store, "b", before="c")
    assert bound(store, "3") == "b"


@pytest.mark.proves("who-may")
def test_every_verdict_is_appended(store: Store) -> None:
    """Asked twice, refused twice: both stand in the audit, newest first, each with its delivery."""
    rows = [accepted(store, name) for name in ("one", "two")]
    refused = Answer(verdict=AskVerdict.REFUSED, reason="wendy may not deploy staging")
    route(store, Decision(acts=(), sentence="refused", answer=refused), 2)
    entries = audit.listed(store, repository=NAME, asked=True)
    assert [entry.delivery for entry in entries] == [rows[1].id, rows[0].id]
    assert {(entry.who, entry.source, entry.word, entry.environment, entry.verdict) for entry in entries} == {
        ("wendy", Source.COMMENT, "deploy", "staging", AskVerdict.REFUSED)
    }
    assert audit.listed(store, before=entries[0].id, asked=True) == [entries[1]]
    assert audit.listed(store, repository="github/acme/other", asked=True) == []


def test_a_verdict_names_the_deployment_that_it_led_to(store: Store, repository: Repository) -> None:
    """From the audit to the page takes one step."""
    row = accepted(store)
    done = Answer(verdict=AskVerdict.DONE, reason="deploying a")
    (number,) = route(store, Decision(acts=(deploy("a"),), sentence="deploying a", answer=done))
    found = deliveries.find(store, row.id)
    assert found
    assert [(entry.deployment, entry.reason) for entry in found.audit] == [(number, "deploying a")]


def test_a_push_leaves_no_verdict(store: Store, repository: Repository) -> None:
    """Nobody asked."""
    repository.push("a")
    assert audit.listed(store, asked=True) == []


def route(store: Store, decision: Decision, times: int = 1) -> tuple[int, ...]:
    """Route what waits, each to this decision."""
    claim = routing_jobs.claim_routing(store, NAME, "router")
    assert claim
    numbers: tuple[int, ...] = ()
    for _ in range(times):
        row = routing_jobs.next_unrouted(store, claim)
        assert row
        numbers = enacting.complete(store, claim, row.id, decision)
    routing_jobs.release(store, claim)
    return numbers


def test_a_button_below_a_plan_stands_on_the_pull_request_of_its_commit(store: Store) -> None:
    """GitHub names no pull request where it comes from a fork; what is below a deployment stands on none."""
    head(store, "b" * 40, action="opened")

    def stands_on(name: str, check: str, sha: str, word: str = "deploy") -> int:
        told = {"word": word, "source": Source.BUTTON, "number": 0, "arguments": {CHECK: check}, "sha": sha}
        (kept,) = accepted(store, name, **told).asks
        return kept.number

    assert stands_on("1", "pushboat/plan/staging", "b" * 40) == 7
    assert stands_on("2", "pushboat/plan/staging", "c" * 40) == 0
    assert stands_on("3", "pushboat/staging", "b" * 40) == 0
    assert stands_on("4", "pushboat/plan/staging", "b" * 40, RERUN) == 0, "its check answers it"
