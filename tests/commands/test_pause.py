"""`pushboat pause` lets nothing new start in an environment, and says who wants that, why and for how long."""

import pytest

from pushboat.model.ask import AskVerdict
from pushboat.model.hold import Hold, Scope
from pushboat.routing import Answer, PutHold
from pushboat.routing.answering import answer
from tests.routing.words import STAGING, answered, ask, asked, comment, environment, facts, limits

HERE = Scope(repository="github/acme/shop", environment="staging")
OLGA = "olga on the command line"
NOON = 1_790_164_800.0


def test_the_operator_pauses_until_somebody_resumes() -> None:
    """The hold says who and why; the answer says what becomes of what runs."""
    decision = answer(ask("pause", "staging", arguments={"reason": "we migrate"}), facts(limits=limits(STAGING)))
    assert decision.acts == (PutHold(hold=Hold(kind="pause", scope=HERE, by=OLGA, reason="we migrate")),)
    said = f"pausing staging until somebody resumes it, as {OLGA} said; what runs there goes on"
    assert decision.answer == Answer(verdict=AskVerdict.DONE, reason=said)


def test_a_pause_may_end_by_itself() -> None:
    """`--for 36h` counts from the moment of asking, however late a worker takes it up."""
    decision = answer(ask("pause", "staging", arguments={"for": "36h"}, at=NOON), facts(limits=limits(STAGING)))
    (act,) = decision.acts
    assert isinstance(act, PutHold)
    assert act.hold.until == NOON + 36 * 3600
    assert decision.sentence.startswith("pausing staging until 2026-09-25 00:00 UTC, as olga")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0", "How long to pause must be longer than nothing: 30m or 2h, say."),
        ("tomorrow", "How long to pause must be a duration such as 12h, 30d or 1d12h"),
        ("1000h", "How long to pause is too long: at most 30d."),
    ],
)
def test_what_is_no_length_of_time_pauses_nothing(written: str, said: str) -> None:
    """Nobody guesses for how long."""
    decision = answer(ask("pause", "staging", arguments={"for": written}), facts(limits=limits(STAGING)))
    assert decision.acts == ()
    assert said in decision.sentence


def test_a_second_pause_takes_the_place_of_the_first() -> None:
    """Bob has paused it already: I am told so, and mine counts from now on."""
    bobs = Hold(kind="pause", scope=HERE, by="bob", reason="lunch", since=NOON)
    decision = answer(ask("pause", "staging"), facts(limits=limits(STAGING), holds=(bobs,)))
    assert len(decision.acts) == 1
    assert decision.sentence.endswith("(it was paused by bob since 2026-09-23 12:00 UTC: lunch)")


def test_a_pause_of_an_unknown_environment_is_refused() -> None:
    """A typo pauses nothing, and the near miss is named."""
    decision = answer(ask("pause", "stagging"), facts(limits=limits(STAGING)))
    assert decision.acts == ()
    assert "Did you mean 'staging'?" in decision.sentence


def test_in_a_comment_pause_is_an_environment() -> None:
    """The comments of the contract have no such word: an environment of that name can be deployed."""
    named_pause = environment("pause")
    decision = answered(comment("/deploy pause"), asked(named_pause))
    assert decision.sentence.startswith("deploying")
