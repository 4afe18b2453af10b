"""Terminal, pages and replies say times and states with the same words, and nothing twice."""

import re
from pathlib import Path

import pytest

from pushboat.model import status, times
from pushboat.model.state import Kind, State
from pushboat.model.wording import outcome
from tests.routing.words import deployed

LIVE = Path(__file__).parents[2] / "dashboard" / "static" / "live.js"
MINUTE, HOUR, DAY = 60, 3600, 86_400


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (0, "just now"),
        (-3, "just now"),
        (12, "12 s ago"),
        (5 * MINUTE, "5 min ago"),
        (90 * MINUTE, "1 h ago"),
        (47 * HOUR, "47 h ago"),
        (3 * DAY, "3 days ago"),
    ],
)
def test_how_long_ago(passed: float, said: str) -> None:
    """One unit, the same one everywhere."""
    assert times.ago(1_000_000.0 - passed, 1_000_000.0) == said


def test_the_page_goes_on_counting_with_the_same_steps() -> None:
    """What the server wrote does not change its words when the browser counts on."""
    (steps,) = re.findall(r"const STEPS = \[(.*)\];", LIVE.read_text())
    written = re.findall(r'\[(\w+), (\d+), "(\w+)"\]', steps)
    assert [(float(below.lower()), int(unit), word) for below, unit, word in written] == list(times._STEPS)
    assert f"seconds < {times.JUST_NOW}" in LIVE.read_text()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (2.04, "2.0 s"),
        (42, "42 s"),
        (20 * MINUTE, "20 min"),
        (243, "4 min 3 s"),
        (3 * HOUR, "3 h"),
        (2 * DAY, "2 days"),
    ],
)
def test_how_long_it_took(seconds: float, said: str) -> None:
    """Short times exactly, long ones roughly."""
    assert times.lasted(seconds) == said


def test_no_state_is_said_twice() -> None:
    """A reason that begins with its state does not repeat it."""
    assert outcome("superseded", "superseded by 1a2b3c4, follows it") == "superseded: by 1a2b3c4, follows it"
    assert outcome("failed", "web crashes") == "failed: web crashes"
    assert outcome("running", "") == "running"


def test_a_plan_is_never_said_to_deploy() -> None:
    """Whoever opens a pull request reads that it is planned: nothing is written."""
    plan = deployed(1, state=State.RUNNING, kind=Kind.PLAN)
    assert status.of(plan).description == "planning"
    assert status.of(deployed(1, state=State.RUNNING)).description == "deploying"
