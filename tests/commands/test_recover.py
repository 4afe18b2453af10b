"""`recover` brings the newest release once more, past nobody, and not where something newer does it already."""

import pytest

from pushboat.model.ask import AskVerdict
from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Deploy, Facts
from pushboat.routing.answering import answer
from tests.commands.test_rollback import THREE
from tests.routing.words import STAGING, answered, ask, asked, comment, deployed, facts, limits

HERE = Scope(repository="github/acme/shop", environment="staging")


def known(*unfinished: Deployment, holds: tuple[Hold, ...] = (), **more: object) -> Facts:
    """What a worker knows of staging."""
    there = Standing(environment="staging", unfinished=unfinished, **more)  # type: ignore[arg-type]
    return facts(limits=limits(STAGING), standings=(there,), releases=THREE, holds=holds)


def test_the_newest_release_is_brought_and_pins_stay() -> None:
    """What ran is what comes: not the release before, and the pin to it is not lifted."""
    pin = Hold(kind="pin", scope=HERE, by="ann", subject="release 3 (3333333)", rollbacks=False)
    decision = answer(ask("recover", "staging"), known(holds=(pin,)))
    (act,) = decision.acts
    assert isinstance(act, Deploy)
    assert (act.release, act.sha, act.trigger, act.kind) == (3, "3" * 40, Trigger.RECOVERY, Kind.DEPLOY)
    assert (
        decision.sentence
        == "recovering staging: release 3 (3333333) is brought once more, as olga on the command line said"
    )


def test_what_comes_by_itself_is_left_to_come() -> None:
    """A newer commit runs there, or waits for nobody: it does all of it, and an older release must not stop it."""
    for state in (State.RUNNING, State.QUEUED):
        decision = answer(ask("recover", "staging"), known(deployed(9, state=state)))
        assert decision.answer
        assert decision.answer.verdict is AskVerdict.REFUSED
        assert "deployment 9 (1a2b3c4) is on its way to staging, and does all of it" in decision.sentence


def test_a_rollback_that_waits_goes_first() -> None:
    """Somebody wants the release before: that is not lost to what nobody chose; an earlier recovery is no choice."""
    pause = Hold(kind="pause", scope=HERE, by="ops", reason="we look")
    back = deployed(9, state=State.QUEUED, again=2, trigger=Trigger.ROLLBACK, waits="paused by ops: we look")
    decision = answer(ask("recover", "staging"), known(back, holds=(pause,)))
    assert "a rollback to release 2 waits in staging, and goes first: paused by ops" in decision.sentence
    earlier = deployed(9, state=State.QUEUED, again=3, trigger=Trigger.RECOVERY)
    decision = answer(
        ask("recover", "staging", arguments={"break_glass": "nobody can buy"}), known(earlier, holds=(pause,))
    )
    assert isinstance(decision.acts[0], Deploy)
    assert decision.acts[0].glass


def test_what_people_hold_back_does_not_leave_it_empty() -> None:
    """A newer commit waits for approval, perhaps for days: what ran before it comes back meanwhile."""
    waits = Hold(kind="approval", scope=Scope(deployment=9), by="write", subject="1", reason="1 approval")
    decision = answer(ask("recover", "staging"), known(deployed(9, state=State.QUEUED), holds=(waits,)))
    assert isinstance(decision.acts[0], Deploy)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (known(destroyed=True), "staging was destroyed on purpose"),
        (facts(limits=limits(STAGING)), "Nothing that could be brought back was deployed to staging yet"),
    ],
    ids=["destroyed", "never"],
)
def test_what_is_not_lost_does_not_come(facts: Facts, said: str) -> None:
    """Destroyed on purpose, or never there."""
    decision = answer(ask("recover", "staging"), facts)
    assert decision.answer
    assert decision.answer.verdict is AskVerdict.REFUSED
    assert said in decision.sentence


def test_no_comment_recovers() -> None:
    """Whoever comments is told who does it."""
    decision = answered(comment("/deploy recover staging"), asked(STAGING))
    assert not any(isinstance(act, Deploy) for act in decision.acts)
