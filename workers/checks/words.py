"""A doctor's line: what was checked, how it is, and the fix."""

from dataclasses import dataclass
from enum import StrEnum

from pushboat.errors import PushboatError, Unavailable


class Result(StrEnum):
    """WARN works but should not stay so; UNKNOWN could not be found out; skip has no meaning here."""

    PASS = "PASS"  # noqa: S105  # no password
    WARN = "WARN"
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Line:
    """What was checked, how it is, in a sentence, the fix as a command or a step, and a code that is explained."""

    check: str
    result: Result
    sentence: str
    fix: str = ""
    code: str = ""


def passed(check: str, sentence: str) -> Line:
    """It is as it must be."""
    return Line(check, Result.PASS, sentence)


def failed(check: str, sentence: str, fix: str) -> Line:
    """It is wrong, and the fix is known."""
    return Line(check, Result.FAIL, sentence, fix)


def warned(check: str, sentence: str, fix: str) -> Line:
    """It works, and should not stay so."""
    return Line(check, Result.WARN, sentence, fix)


def unknown(check: str, sentence: str, fix: str) -> Line:
    """It could not be found out."""
    return Line(check, Result.UNKNOWN, sentence, fix)


def skipped(check: str, sentence: str) -> Line:
    """It does not matter here."""
    return Line(check, Result.SKIP, sentence)


def of_error(check: str, error: PushboatError, fix: str) -> Line:
    """Turn an error into a line: what the world did not answer is not known to be wrong."""
    make = unknown if isinstance(error, Unavailable) else failed
    return make(check, error.summary, fix)
