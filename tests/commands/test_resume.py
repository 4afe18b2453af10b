"""`pushboat resume` ends a pause, says what is next, and never pretends."""

from pushboat.model.ask import AskVerdict
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import State
from pushboat.routing import Answer, LiftHold
from pushboat.routing.answering import answer
from tests.routing.words import MERGED, SHA, STAGING, ask, deployed, facts, limits

HERE = Scope(repository="github/acme/shop", environment="staging")
NOON = 1_790_164_800.0
PAUSE = Hold(kind="pause", scope=HERE, by="bob", reason="lunch", since=NOON)
PAUSED = "paused by bob since 2026-09-23 12:00 UTC: lunch"
WAITS = Standing(environment="staging", unfinished=(deployed(1, MERGED, State.RUNNING), deployed(2, SHA, State.QUEUED)))


def test_what_waits_is_next() -> None:
    """Whoever resumes learns which commit goes now, and what the pause was for."""
    known = facts(limits=limits(STAGING), holds=(PAUSE,), standings=(WAITS,))
    decision = answer(ask("resume", "staging"), known)
    assert decision.acts == (LiftHold(kind="pause", scope=HERE),)
    said = f"resuming staging, as olga on the command line said: 1a2b3c4 is next; it was {PAUSED}"
    assert decision.answer == Answer(verdict=AskVerdict.DONE, reason=said)


def test_nothing_may_wait() -> None:
    """An environment can be resumed before anybody pushed."""
    decision = answer(ask("resume", "staging"), facts(limits=limits(STAGING), holds=(PAUSE,)))
    assert "nothing waits there" in decision.sentence


def test_nothing_to_resume_is_a_no() -> None:
    """Not paused, or only its neighbour is: exit code 1, and no hold is lifted."""
    neighbour = Hold(kind="pause", scope=Scope(repository="github/acme/shop", environment="production"), by="bob")
    for standing in ((), (neighbour,)):
        decision = answer(ask("resume", "staging"), facts(limits=limits(STAGING), holds=standing))
        assert decision.acts == ()
        sentence = "staging is not paused, so there is nothing to resume."
        assert decision.answer == Answer(verdict=AskVerdict.REFUSED, reason=sentence)


def test_what_else_holds_it_is_said() -> None:
    """Everything is paused, not only staging: resuming staging alone would not start it, and I am told."""
    all_of_it = Hold(kind="pause", scope=Scope(), by="ann", reason="the cluster moves", since=NOON)
    still = "Something else holds it: paused by ann since 2026-09-23 12:00 UTC: the cluster moves."
    known = facts(limits=limits(STAGING), holds=(all_of_it,))
    assert answer(ask("resume", "staging"), known).sentence.endswith(still)
    known = facts(limits=limits(STAGING), holds=(all_of_it, PAUSE))
    decision = answer(ask("resume", "staging"), known)
    assert decision.acts == (LiftHold(kind="pause", scope=HERE),)
    assert decision.sentence.endswith(still)


def test_a_freeze_of_tomorrow_does_not_hold_it_today() -> None:
    """It stands ahead of its time, and is no reason of today."""
    freeze = Hold(kind="freeze", scope=HERE, by="pushboat.yaml", begins=NOON + 9e8, until=NOON + 9.1e8)
    known = facts(limits=limits(STAGING), holds=(PAUSE, freeze))
    assert "Something else" not in answer(ask("resume", "staging"), known).sentence
