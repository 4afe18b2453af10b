"""Leaves asks in a store: carried out, refused and waiting, with the heads that they are bound to and their audit."""

from typing import Any

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.hold import Hold, Scope
from pushboat.routing import Act, Answer, Approve, Decision, Unapprove
from pushboat.sealing import Key
from pushboat.store import audit, deliveries, enacting, routing_jobs, stamping
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, deploy

LONG = 240.0
COMMENT: dict[str, Any] = {"who": "wendy", "source": Source.COMMENT, "repository": NAME, "number": 7}


def leave_asks(store: Store) -> None:
    """Leave asks that were carried out, refused and not looked at, a head of a pull request, and their audit."""
    opened: dict[str, Any] = {"repository": "acme/shop", "number": 7, "sha": "m1", "author": "ann"}
    deliveries.accept(
        store, "github", "opened", Event(kind=EventKind.PULL_REQUEST, action="opened", **{**opened, "sha": "m0"})
    )
    moved = Event(kind=EventKind.PULL_REQUEST, action="updated", before="m0", **opened)
    deliveries.accept(store, "github", "updated", moved)
    _answer(store, AskVerdict.DONE, "planning m0")
    _answer(store, AskVerdict.DONE, "planning m1")
    _comment(store, "comment-1", Ask(word="deploy", environment="asked", **COMMENT))
    _answer(store, AskVerdict.DONE, "deploying m1 to asked", deploy("m1", "asked"))
    _comment(store, "comment-2", Ask(word="deploy", refusal="not yet supported: /deploy plan", puzzled=True, **COMMENT))
    _answer(store, AskVerdict.REFUSED, "not yet supported: /deploy plan")
    _leave_approvals(store)
    arguments = {"reason": "we migrate", "for": "2h"}
    operators: dict[str, Any] = {
        "who": "olga on the command line",
        "source": Source.COMMAND,
        "repository": "gitlab/acme/asks",
    }
    asked = Event(kind=EventKind.ASK, action="pause", repository="acme/asks", author="olga on the command line")
    wanted = Ask(word="pause", environment="staging", arguments=arguments, **operators)
    deliveries.accept(store, "gitlab", "ask-1", asked, asked=(wanted,))
    routing_jobs.due_repositories(store)  # a worker has been told, and did not come yet


def leave_stamps(store: Store) -> None:
    """Leave two stamps, of which the first stands for what retention took."""
    key = Key("a key of thirty-two characters …")
    for word in ("deploy", "lock", "unlock"):
        with store.writing() as tx:
            audit.refuse(tx, [Ask(word=word, environment="asked", **COMMENT)], 0, "no")
    stamping.stamp(store, key)
    stamping.let_go(store, key, -24 * 3600.0, lambda: False)
    with store.writing() as tx:
        audit.refuse(tx, [Ask(word="pause", environment="asked", **COMMENT)], 0, "no")
    stamping.stamp(store, key)


def _leave_approvals(store: Store) -> None:
    """Leave a deployment that waits for two approvals, one that was given and one that was taken back."""
    for number, who in enumerate(("wendy", "walt"), 4):
        _comment(store, f"comment-{number}", Ask(word="approve", environment="approved", **{**COMMENT, "who": who}))
        approved = Approve(environment="approved", sha="k9", who=who, source=Source.COMMENT, number=7)
        _answer(store, AskVerdict.DONE, f"{who} approved k9", approved)
    _comment(store, "comment-6", Ask(word="unapprove", environment="approved", **COMMENT))
    _answer(store, AskVerdict.DONE, "took it back", Unapprove(environment="approved", sha="k9", who="wendy"))
    needs = Hold(kind="approval", scope=Scope(), by="whoever may write", subject="2", sha="k9")
    _comment(store, "comment-7", Ask(word="deploy", environment="approved", **COMMENT))
    _answer(store, AskVerdict.DONE, "deploying k9 to approved", deploy("k9", "approved", holds=(needs,)))


def _comment(store: Store, delivery: str, ask: Ask) -> None:
    said = Event(kind=EventKind.COMMENT, action="created", repository="acme/shop", number=7, comment="/deploy asked")
    deliveries.accept(store, "github", delivery, said, asked=(ask,))


def _answer(store: Store, verdict: AskVerdict, sentence: str, *acts: Act) -> None:
    claim = routing_jobs.claim_routing(store, NAME, "router", LONG)
    assert claim
    row = routing_jobs.next_unrouted(store, claim)
    assert row
    answer = Answer(verdict=verdict, reason=sentence)
    enacting.complete(store, claim, row.id, Decision(acts=acts, sentence=sentence, answer=answer))
    routing_jobs.release(store, claim)
