"""`/deploy cancel <environment>` and `pushboat cancel` stop what is on its way, and nothing else."""

from pushboat.model.ask import AskVerdict
from pushboat.model.standing import Standing
from pushboat.model.state import State
from pushboat.routing import Answer, Cancel, Reply
from pushboat.routing.answering import answer
from tests.routing.words import MERGED, SHA, STAGING, answered, ask, asked, comment, deployed, facts, limits

RUNS = deployed(1, MERGED, State.RUNNING)
WAITS = deployed(2, SHA, State.QUEUED)
BUSY = Standing(environment="staging", latest=WAITS, unfinished=(RUNS, WAITS))
QUIET = Standing(environment="staging", latest=RUNS)


def test_a_writer_cancels_what_is_on_its_way() -> None:
    """The reply says which commits, and what becomes of what was applied."""
    decision = answered(comment("/deploy cancel staging\nwrong one"), asked(STAGING, standings=(BUSY,)))
    act, reply = decision.acts
    assert act == Cancel(environment="staging", by="alice")
    assert isinstance(reply, Reply)
    assert reply.body == (
        "Cancelling `9f8e7d6` and `1a2b3c4` on the way to staging: what waits ends at once, what is being deployed at "
        "the next safe point. What was applied until then stays."
    )
    assert decision.sentence == "cancelling 9f8e7d6 and 1a2b3c4 on the way to staging, as alice said"


def test_a_closed_pull_request_can_still_cancel() -> None:
    """Whoever closed it in a hurry need not open it again; a fork's commits are not touched by it either."""
    known = asked(STAGING, standings=(BUSY,), open=False, fork=True)
    assert Cancel(environment="staging", by="alice") in answered(comment("/deploy cancel staging"), known).acts


def test_a_reader_cancels_nothing() -> None:
    """It needs what deploying needs."""
    known = asked(STAGING, permission="read", standings=(BUSY,))
    (act,) = answered(comment("/deploy cancel staging", author="rita"), known).acts
    assert isinstance(act, Reply)
    assert act.body == (
        "rita may not cancel staging: that needs write permission on acme/shop, and rita has read. "
        "Ask someone who may to comment `/deploy cancel staging`."
    )


def test_nothing_to_cancel_is_a_no() -> None:
    """The same sentence for whoever asks, also for an environment that nothing was ever deployed to."""
    sentence = "Nothing is on its way to staging, so there is nothing to cancel."
    for standings in ((QUIET,), ()):
        known = facts(limits=limits(STAGING), standings=standings)
        decision = answer(ask("cancel", "staging"), known)
        assert decision.acts == ()
        assert decision.answer == Answer(verdict=AskVerdict.REFUSED, reason=sentence)


def test_it_needs_an_environment() -> None:
    """Without one nobody guesses."""
    (act,) = answered(comment("/deploy cancel"), asked(STAGING, standings=(BUSY,))).acts
    assert isinstance(act, Reply)
    assert act.body.startswith("`/deploy cancel` needs to know where: `/deploy cancel <environment>`.\n\n- `")
