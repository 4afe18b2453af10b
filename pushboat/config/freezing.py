"""`freeze`: windows of time in which nothing new starts, as the operator writes them: by a cron line, or once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, Field, PlainValidator, model_validator

from pushboat.config.durations import some
from pushboat.config.schema import Section

MOST_FREEZES = 50
LONGEST_FREEZE = 90 * 24 * 3600
"""Seconds. Whoever wants a longer one pauses the environment, or writes when it begins and ends."""
LONGEST_REASON = 200
HORIZON = 14 * 24 * 3600
"""Seconds ahead that windows are looked for: whoever plans a deployment sees them come."""
MOST_AHEAD = 100


@dataclass(frozen=True, slots=True)
class Window:
    """One time in which nothing starts, in seconds since the epoch."""

    begins: float
    ends: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A rule of windows: at the times of `cron`, for `lasts` seconds each; or once, from `begins` to `ends`."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    cron: str = ""
    lasts: float = 0.0
    begins: float = 0.0
    ends: float = 0.0
    reason: str = ""

    def windows(self, now: float) -> tuple[Window, ...]:
        """Give the windows that are open or come soon, and of those that come later the next one."""
        if not self.cron:
            return (Window(self.begins, self.ends),) if self.ends > now else ()
        found: list[Window] = []
        for window in islice(self._from(now), MOST_AHEAD):
            if window.begins > now + HORIZON and found:
                break
            found.append(window)
        return tuple(found)

    def _from(self, now: float) -> Iterator[Window]:
        """Go through the windows of a cron line that end after a moment."""
        earliest = datetime.fromtimestamp(now - self.lasts, self.zone) - timedelta(minutes=1)
        for begins in CronSim(self.cron, earliest):
            start = begins.timestamp()
            if start + self.lasts > now:
                yield Window(start, start + self.lasts)


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone: write Europe/Berlin, America/New_York or UTC") from None


def _cron(line: str) -> str:
    try:
        if next(CronSim(line, datetime.fromtimestamp(0, ZoneInfo("UTC"))), None) is None:
            raise ValueError("never comes")
    except CronSimError as error:
        example = 'minute, hour, day, month, weekday, such as "0 16 * * FRI"'
        raise ValueError(f"is no cron line ({str(error).lower()}): {example}") from error
    return line


def _length(written: object) -> float:
    return some(written, LONGEST_FREEZE, "16h or 64h")


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError("must be a moment such as 2026-12-23T18:00, in its zone") from None
    if moment.tzinfo is not None:
        raise ValueError("takes its zone from 'zone': leave it out of the moment")
    return moment


class FreezeSection(Section):
    """One of them as it is written."""

    cron: Annotated[str, AfterValidator(_cron)] = ""
    lasts: Annotated[float, PlainValidator(_length)] = Field(default=0.0, alias="for")
    begins: Annotated[str, AfterValidator(lambda text: _moment(text) and text)] = Field(default="", alias="from")
    until: Annotated[str, AfterValidator(lambda text: _moment(text) and text)] = ""
    zone: Annotated[Any, PlainValidator(_zone)] = "UTC"
    reason: str = Field(default="", max_length=LONGEST_REASON)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if bool(self.cron) == bool(self.begins):
            raise ValueError("needs one of the two: 'cron' with 'for', or 'from' with 'until'")
        if self.cron and (not self.lasts or self.until):
            raise ValueError("needs 'for' beside 'cron': how long each window lasts")
        if self.begins and (not self.until or self.lasts):
            raise ValueError("needs 'until' beside 'from': when it is over")
        if self.begins and _moment(self.until) <= _moment(self.begins):
            raise ValueError("is over before it begins")
        return self

    def freeze(self) -> Freeze:
        """Make the rule."""
        zone = self.zone if isinstance(self.zone, ZoneInfo) else _zone(self.zone)
        return Freeze(
            zone=zone,
            cron=self.cron,
            lasts=self.lasts,
            begins=_moment(self.begins).replace(tzinfo=zone).timestamp() if self.begins else 0.0,
            ends=_moment(self.until).replace(tzinfo=zone).timestamp() if self.until else 0.0,
            reason=self.reason,
        )


def freezes(sections: Iterable[FreezeSection]) -> tuple[Freeze, ...]:
    """Make the rules."""
    return tuple(each.freeze() for each in sections)
