"""`freeze`: windows as people write them, in their own time zone, over its changes of the clock."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from pushboat.config.freezing import FreezeSection

BERLIN = ZoneInfo("Europe/Berlin")


def at(*moment: int, zone: ZoneInfo = BERLIN) -> float:
    """A moment of a zone's clock."""
    return datetime(*moment, tzinfo=zone).timestamp()  # type: ignore[arg-type,misc]  # year, month, day, hour


def windows(now: float, **written: Any) -> list[tuple[str, str]]:
    """List the windows of a rule, as the clock in Berlin shows them."""
    rule = FreezeSection.model_validate({"zone": "Europe/Berlin", **written}).freeze()
    shown = [(window.begins, window.ends) for window in rule.windows(now)]
    return [tuple(f"{datetime.fromtimestamp(each, BERLIN):%a %d %H:%M}" for each in pair) for pair in shown]  # type: ignore[misc]


WEEKEND = {"cron": "0 16 * * FRI", "for": "64h"}


def test_weekends_are_seen_two_weeks_ahead() -> None:
    """From Wednesday I see this weekend and the next one, and not all that ever come."""
    assert windows(at(2026, 11, 25, 12), **WEEKEND) == [
        ("Fri 27 16:00", "Mon 30 08:00"),
        ("Fri 04 16:00", "Mon 07 08:00"),
    ]


def test_the_one_that_is_open_counts() -> None:
    """On Sunday the weekend's window is the first; a second before its end it still is, and then not any more."""
    assert windows(at(2026, 11, 29, 12), **WEEKEND)[0] == ("Fri 27 16:00", "Mon 30 08:00")
    assert windows(at(2026, 11, 30, 8) - 1, **WEEKEND)[0] == ("Fri 27 16:00", "Mon 30 08:00")
    assert windows(at(2026, 11, 30, 8), **WEEKEND)[0] == ("Fri 04 16:00", "Mon 07 08:00")


def test_a_window_once_a_year_is_known_ahead() -> None:
    """The next one is there, however far away."""
    assert windows(at(2026, 1, 10, 0), **{"cron": "0 0 23 12 *", "for": "10d"}) == [("Wed 23 00:00", "Sat 02 00:00")]


def test_the_change_of_the_clock_moves_nothing() -> None:
    """Four in the afternoon is that before and after the last Sunday of March; what lasts 64 hours does."""
    assert windows(at(2026, 3, 26, 12), **WEEKEND)[:2] == [
        ("Fri 27 16:00", "Mon 30 09:00"),
        ("Fri 03 16:00", "Mon 06 08:00"),
    ]


def test_an_hour_that_does_not_exist_is_not_lost() -> None:
    """At 02:30 of the night in which the clock jumps from two to three there is a window all the same."""
    found = windows(at(2026, 3, 28, 12), **{"cron": "30 2 * * *", "for": "1h"})
    assert found[0][0].startswith("Sun 29 03:")


def test_once_is_once() -> None:
    """The holidays: by the clock of the zone, and gone when they are over."""
    holidays = {"from": "2026-12-23T18:00", "until": "2027-01-02T08:00"}
    assert windows(at(2026, 11, 1, 0), **holidays) == [("Wed 23 18:00", "Sat 02 08:00")]
    assert windows(at(2027, 1, 2, 8), **holidays) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"cron": "0 16 * * FRI"}, "needs 'for' beside 'cron'"),
        ({"cron": "every friday", "for": "2h"}, "is no cron line"),
        ({"cron": "0 0 30 2 *", "for": "2h"}, "is no cron line"),
        ({"cron": "0 16 * * FRI", "for": "0"}, "must be longer than nothing"),
        ({"cron": "0 16 * * FRI", "for": "200d"}, "is too long: at most 90d"),
        ({"from": "2026-12-23T18:00"}, "needs 'until' beside 'from'"),
        ({"from": "2026-12-23T18:00", "until": "2026-12-23T17:00"}, "is over before it begins"),
        ({"from": "tomorrow", "until": "2026-12-23T17:00"}, "must be a moment such as"),
        ({"from": "2026-12-23T18:00+01:00", "until": "2026-12-23T17:00"}, "takes its zone from 'zone'"),
        ({**WEEKEND, "zone": "Berlin"}, "is no time zone"),
        ({**WEEKEND, "zone": "../../etc/passwd"}, "is no time zone"),
        ({**WEEKEND, "from": "2026-12-23T18:00"}, "needs one of the two"),
        ({}, "needs one of the two"),
    ],
)
def test_what_makes_no_window_is_refused(written: dict[str, Any], said: str) -> None:
    """Whoever writes it is told what is missing, before anything depends on it."""
    with pytest.raises(ValidationError) as refusal:
        FreezeSection.model_validate(written)
    assert said in str(refusal.value)
