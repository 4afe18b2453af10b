"""`/deploy unlock staging` ends what a rollback pinned, says what is next, and never pretends."""

from pushboat.model.ask import AskVerdict
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import State
from pushboat.routing import Answer, LiftHold, Reply, grammar
from pushboat.routing.answering import answer
from tests.routing.words import SHA, STAGING, answered, ask, asked, comment, deployed, facts, limits

HERE = Scope(repository="github/acme/shop", environment="staging")
NOON = 1_790_164_800.0
PIN = Hold(kind="pin", scope=HERE, by="ann", subject="release 2 (2222222)", reason="it burns", since=NOON)
PAUSE = Hold(kind="pause", scope=HERE, by="bob", since=NOON)
PINNED = "pinned to release 2 (2222222) by ann since 2026-09-23 12:00 UTC: it burns"


def test_what_waits_is_next() -> None:
    """Whoever unlocks learns which commit goes now, and what held it."""
    waits = Standing(environment="staging", unfinished=(deployed(2, SHA, State.QUEUED),))
    decision = answer(ask("unlock", "staging"), facts(limits=limits(STAGING), holds=(PIN,), standings=(waits,)))
    assert decision.acts == (LiftHold(kind="pin", scope=HERE, subject="release 2 (2222222)"),)
    said = f"unlocking staging, as olga on the command line said: 1a2b3c4 is next; it was {PINNED}"
    assert decision.answer == Answer(verdict=AskVerdict.DONE, reason=said)


def test_the_reason_is_said_and_kept() -> None:
    """In as many words as it takes, in my own language; what would be a mention or a link is neither."""
    decision = answered(comment("/deploy unlock staging für Kunde @acme, siehe #7"), asked(STAGING, holds=(PIN,)))
    assert decision.answer
    assert decision.answer.reason.startswith(
        "unlocking staging, as alice said (für Kunde @acme, siehe #7): nothing waits there; it was pinned to release 2"
    )
    reply = decision.acts[-1]
    assert isinstance(reply, Reply)
    assert reply.body == "Unlocking staging, as alice said (`für Kunde @acme, siehe #7`): nothing waits there."
    said = grammar.parse("/deploy unlock staging  because\tof it")
    assert said
    assert dict(said.names) == {"environment": "staging", "reason": "because of it"}
    hidden = grammar.parse("/deploy unlock stag\u200bing because")
    assert hidden
    assert "U+200B" in hidden.refusal


def test_nothing_to_unlock_is_a_no_and_a_pause_is_not_ended() -> None:
    """Only a pause holds it: unlock leaves that alone, and says what does hold it."""
    decision = answered(comment("/deploy unlock staging"), asked(STAGING, holds=(PAUSE,)))
    assert decision.answer
    assert decision.answer.verdict is AskVerdict.REFUSED
    still = "`Something else holds it: paused by bob since 2026-09-23 12:00 UTC.`"
    assert decision.answer.reason == f"staging is neither locked nor pinned, so there is nothing to unlock. {still}"


def test_what_else_holds_it_is_said() -> None:
    """It is paused as well: unlocking alone does not start anything."""
    decision = answered(comment("/deploy unlock staging"), asked(STAGING, holds=(PIN, PAUSE)))
    assert decision.answer
    assert decision.answer.reason.endswith("Something else holds it: paused by bob since 2026-09-23 12:00 UTC.")


def test_a_freeze_of_tomorrow_does_not_hold_it_today() -> None:
    """Windows stand ahead of their time: of those I am told when they have begun."""
    scope = Scope(repository="github/acme/shop", environment="staging")
    freeze = Hold(kind="freeze", scope=scope, by="pushboat.yaml", begins=2e9, until=2.1e9)
    decision = answered(comment("/deploy unlock staging"), asked(STAGING, holds=(PIN, freeze)))
    assert decision.answer
    assert "Something else" not in decision.answer.reason
