"""`pushboat doctor` has a line for each receiver: what waits, what never got there, and what to do."""

import sys

import pytest

from cli.doctor.receivers import check_receivers
from pushboat.model.state import State
from tests.fakes.listeners import Program
from tests.notices.reporter import Reporter
from tests.store.repository import time_passes
from workers.checks.words import Result


def lines(reporter: Reporter) -> list[tuple[Result, str]]:
    """Read what the doctor says."""
    return [(each.result, each.sentence) for each in check_receivers(reporter.tools.operator)]


def test_a_receiver_has_a_line_from_the_first_day(reporter: Reporter, program: Program) -> None:
    """It is well, then it is away, then something was given up, and that is said for a week."""
    reporter.only("hook")
    assert lines(reporter) == [(Result.PASS, "nothing was to be told yet")]
    reporter.deploy(State.FAILED)
    reporter.work()
    time_passes(reporter.store, 5400)
    assert lines(reporter) == [(Result.PASS, "heard the last one 1 h ago")]
    program.says = 503
    reporter.deploy(State.FAILED)
    reporter.deploy(State.FAILED)
    reporter.work()
    reporter.work_for(10)
    ((result, sentence),) = lines(reporter)
    assert result is Result.WARN
    assert sentence == "2 notices waiting, the oldest from 10 min ago: hook answered 503"
    reporter.grow_old(days=4)
    reporter.work_for(5)
    assert lines(reporter) == [(Result.FAIL, "2 notices of the last week never got there: hook answered 503")]
    program.says = 204
    time_passes(reporter.store, 8 * 24 * 3600)
    assert lines(reporter) == [(Result.PASS, "heard the last one 8 days ago")]


def test_a_machine_without_apprise_is_named(reporter: Reporter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is not installed: nothing is lost, and the doctor says what to install."""
    reporter.only("slack", "hook")
    monkeypatch.setitem(sys.modules, "apprise", None)
    reporter.deploy(State.FAILED)
    reporter.work()
    assert reporter.outcomes("slack") == [
        ("", "slack needs apprise beside the reporter: pip install 'pushboat[apprise]'"),
    ]
    line = next(iter(check_receivers(reporter.tools.operator)))
    assert (line.result, line.sentence) == (Result.FAIL, "slack: need apprise, which is not installed here")
    assert line.fix == "pip install 'pushboat[apprise]'"
    monkeypatch.undo()
    reporter.work_for(5)
    assert reporter.outcomes("slack") == [("sent", "")]
