"""`/deploy lock staging --for 2h reason`: mine for a while; the next one in line has it after me, whatever we do."""

from dataclasses import replace
from typing import Any

import pytest

from pushboat.model.ask import Ask, AskVerdict
from pushboat.model.hold import Hold, Scope
from pushboat.routing import Decision, LiftHold, PutHold, Reply, grammar
from pushboat.routing.answering import answer
from pushboat.routing.holds import locks, sentence
from tests.routing.words import STAGING, ask, facts, limits

HERE = Scope(repository="github/acme/shop", environment="staging")
NOON = 1_790_164_800.0
HOUR = 3600.0


class Board:
    """The locks of staging as the store would keep them."""

    def __init__(self) -> None:
        self.holds: list[Hold] = []
        self.now = NOON

    def say(self, who: str, word: str = "lock", **arguments: str) -> Decision:
        """Let somebody comment, and keep what follows."""
        said: Ask = replace(ask(word, "staging"), who=who, arguments=arguments, at=self.now)
        decision = answer(said, facts(limits=limits(STAGING), holds=tuple(self.holds)))
        for act in decision.acts:
            if isinstance(act, LiftHold):
                before = len(self.holds)
                self.holds = [hold for hold in self.holds if hold.subject != act.subject]
                assert len(self.holds) == before - 1, "what is lifted was there"
            elif isinstance(act, PutHold):
                self.holds = [hold for hold in self.holds if hold.subject != act.hold.subject]
                self.holds.append(replace(act.hold, since=self.now, id=len(self.holds) + 1))
        return decision

    @property
    def line(self) -> list[tuple[str, float, float | None]]:
        """List who has it and who is next: from when, until when, in hours from noon."""
        return [
            (hold.spares, (hold.begins - NOON) / HOUR if hold.begins else 0, hold.until and (hold.until - NOON) / HOUR)
            for hold in locks(self.holds, HERE, self.now)
        ]


def reason(decision: Decision) -> str:
    """Give what the asker was told."""
    assert decision.answer
    return decision.answer.reason


def test_it_is_mine_for_two_hours() -> None:
    """I have it, everybody reads whose it is and why, and it ends by itself."""
    board = Board()
    said = board.say("ann", reason="we migrate", **{"for": "2h"})
    assert reason(said) == "locking staging until 2026-09-23 14:00 UTC, as ann said"
    (hold,) = board.holds
    assert (hold.spares, hold.until) == ("ann", NOON + 2 * HOUR)
    assert sentence(hold) == "locked by ann since 2026-09-23 12:00 UTC, until 2026-09-23 14:00 UTC: we migrate"
    board.now += 3 * HOUR
    assert board.line == []


def test_who_comes_second_is_next_and_told_when() -> None:
    """Bob and cleo want it too: each has it when the one before is over, for as long as they said."""
    board = Board()
    board.say("ann", **{"for": "2h"})
    assert reason(board.say("bob", **{"for": "1h"})) == (
        "in line for staging, as bob said; locked by ann since 2026-09-23 12:00 UTC, until 2026-09-23 14:00 UTC"
    )
    board.say("cleo")
    assert board.line == [("ann", 0, 2), ("bob", 2, 3), ("cleo", 3, None)]
    board.now += 2.5 * HOUR
    assert board.line == [("bob", 2, 3), ("cleo", 3, None)]
    assert sentence(board.holds[1]) == "locked by bob from 2026-09-23 14:00 UTC on, until 2026-09-23 15:00 UTC"


def test_an_unlock_moves_the_line_up() -> None:
    """Ann is done early: bob has his full hour from now, and cleo comes after him."""
    board = Board()
    board.say("ann")
    board.say("bob", **{"for": "1h"})
    board.say("cleo", **{"for": "2h"})
    assert [who for who, _, _ in board.line] == ["ann", "bob", "cleo"]
    assert sentence(board.holds[1]) == "bob is next in line to lock it"
    board.now += HOUR / 2
    board.say("ann", "unlock")
    assert board.line == [("bob", 0, 1.5), ("cleo", 1.5, 3.5)]


def test_who_is_in_line_gives_up_that_place_alone() -> None:
    """Bob unlocks what he does not have: he leaves the line, and ann keeps it."""
    board = Board()
    board.say("ann")
    board.say("bob", **{"for": "1h"})
    board.say("cleo")
    assert reason(board.say("bob", "unlock")) == "bob is not in line for staging any more"
    assert [who for who, _, _ in board.line] == ["ann", "cleo"]


def test_it_is_handed_over_with_what_is_left() -> None:
    """Ann goes home and gives it to cleo, who was third: cleo has it now, bob is still next."""
    board = Board()
    board.say("ann", **{"for": "4h"})
    board.say("bob")
    board.say("cleo")
    board.now += HOUR
    assert reason(board.say("ann", to="cleo")) == "handing the lock of staging over to cleo, as ann said"
    assert board.line == [("cleo", 0, 4), ("bob", 4, None)]
    refused = board.say("bob", to="bob")
    assert refused.answer
    assert refused.answer.verdict is (AskVerdict.DONE if board.line[0][0] == "bob" else AskVerdict.REFUSED)


def test_who_has_it_may_prolong_it() -> None:
    """Ann needs longer and says why: hers ends later, and so does what comes after it begin."""
    board = Board()
    board.say("ann", reason="we migrate", **{"for": "1h"})
    board.say("bob")
    board.now += HOUR / 2
    board.say("ann", **{"for": "2h"})
    assert board.line == [("ann", 0, 2.5), ("bob", 2.5, None)]
    assert board.holds[0].reason == "we migrate" or board.holds[1].reason == "we migrate"


@pytest.mark.parametrize(
    ("comment", "names"),
    [
        ("/deploy lock staging --for 2h we migrate", {"for": "2h", "reason": "we migrate"}),
        ("/deploy lock staging we migrate --for=2h", {"for": "2h", "reason": "we migrate"}),
        ("/deploy lock --for 2h staging für Änne", {"for": "2h", "reason": "für Änne"}),
        ("/deploy lock staging --to bob", {"to": "bob"}),
        ("/deploy lock staging", {}),
    ],
)
def test_options_stand_anywhere_in_the_line(comment: str, names: dict[str, Any]) -> None:
    """Before the name, behind it, among the words of the reason."""
    said = grammar.parse(comment)
    assert said
    assert not said.refusal
    assert dict(said.names) == {"environment": "staging", **names}


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ("/deploy lock staging --for", "`--for` needs a value: `--for DURATION`."),
        ("/deploy lock staging --for --to bob", "`--for` needs a value: `--for DURATION`."),
        ("/deploy lock staging --for soon", "`--for` must be a duration such as"),
        ("/deploy lock staging --for 0", "`--for` must be longer than nothing: 30m or 2h, say."),
        ("/deploy lock staging --to @bob", "`--to` takes a user's name on the forge, without '@'."),
        ("/deploy lock --for 2h", "`/deploy lock` needs to know where"),
    ],
)
def test_what_cannot_be_read_is_said(comment: str, why: str) -> None:
    """Nothing is guessed about for how long, or whose it is."""
    said = grammar.parse(comment)
    assert said
    assert said.refusal.startswith(why)


def test_the_answer_tells_what_a_lock_means() -> None:
    """Whoever never used one reads what passes, what waits, and how it ends."""
    said = replace(ask("lock", "staging"), number=7, at=NOON)
    decision = answer(said, facts(limits=limits(STAGING)))
    body = next(act.body for act in decision.acts if isinstance(act, Reply))
    assert body == (
        "staging is yours until somebody unlocks it: your deployments pass, everybody else's wait and are told why. "
        "`/deploy unlock staging` ends it."
    )
