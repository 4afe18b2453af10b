"""Rules that anybody can push, asked apart: what one takes of memory, time or words is nobody else's loss."""

from pushboat.cel import question
from pushboat.policy.own import FINE, NAMES, OwnRule, Said
from pushboat.policy.words import DENY
from tests.policy.bodies import manifest_of
from workers.review.apart import Heard, ask_apart, ask_guarded, told

OBJECTS = [
    manifest_of({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{number}"}}, namespace="n")
    for number in range(100)
]
BUSY = "[object.kind]" + ".map(x, x+x+x+x+x+x+x+x)" * 6 + "[0].size() > 0"
"""A text of two megabytes, whose characters are counted: a moment for each object."""
VAST = "[object.kind]" + ".map(x, x+x+x+x+x+x+x+x)" * 12 + "[0].size() > 0"


def rule(name: str, valid: str = "true", *, pushed: bool = True) -> OwnRule:
    return OwnRule(name=name, verdict=DENY, valid=question(valid, NAMES), pushed=pushed)


FIRST, MIDDLE, LAST = (rule(name) for name in ("first", "middle", "last"))


def test_a_rule_that_takes_all_time_loses_its_own_answers_and_no_other() -> None:
    found: dict[str, list[Said]] = {}
    for asked, _, said in ask_apart([FIRST, rule("busy", BUSY), LAST], OBJECTS, {}, seconds=0.9):
        found.setdefault(asked.name, []).append(said)
    assert found["first"] == found["last"] == [FINE] * len(OBJECTS)
    assert found["busy"][0] == FINE, "what was answered in time counts"
    assert "more than its share of the time" in found["busy"][-1].trouble
    assert len(found["busy"]) == len(OBJECTS), "each object is told of"


def test_a_rule_that_takes_all_memory_keeps_no_other_from_its_answer() -> None:
    """CEL may double a text thirty times: such a rule ends by itself."""
    asked = [rule("vast", VAST), LAST, rule("operators", "false", pushed=False)]
    found = {one.name: said for one, _, said in ask_guarded(asked, OBJECTS[:1], {})}
    assert found["operators"].sentence
    assert found["vast"].trouble == "it takes too much memory"
    assert found["last"] == FINE


LEFT = [(FIRST, (0, 1)), (MIDDLE, (0, 1)), (LAST, (1,))]


def test_who_was_surely_at_fault_is_not_asked_again() -> None:
    heard = Heard(answers=[FINE, FINE, FINE], trouble="too late", at_fault=True)
    late = Said(trouble="too late")
    expected = [(FIRST, 0, FINE), (FIRST, 1, FINE), (MIDDLE, 0, FINE), (MIDDLE, 1, late)]
    assert told(LEFT, heard) == (expected, LEFT[2:])


def test_who_may_have_suffered_from_those_before_is_asked_again_as_the_first() -> None:
    """Those before may have filled the memory, or said almost all that may be said."""
    heard = Heard(answers=[FINE, FINE, FINE], trouble="too much")
    assert told(LEFT, heard) == ([(FIRST, 0, FINE), (FIRST, 1, FINE)], LEFT[1:])
    alone = Heard(answers=[FINE], trouble="too much")
    expected = [(MIDDLE, 0, FINE), (MIDDLE, 1, Said(trouble="too much"))]
    assert told(LEFT[1:], alone) == (expected, LEFT[2:])
