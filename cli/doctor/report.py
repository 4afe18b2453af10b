"""A doctor's line and how lines are printed: as they come, one each, the fix below what is wrong."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cli import output
from pushboat.errors import PushboatError, Unavailable
from pushboat.model.wording import counted


class Result(StrEnum):
    """WARN works but should not stay so; UNKNOWN could not be found out; skip has no meaning here."""

    PASS = "PASS"  # noqa: S105  # no password
    WARN = "WARN"
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Line:
    """What was checked, how it is, in a sentence, and the fix as a command or a step."""

    check: str
    result: Result
    sentence: str
    fix: str = ""


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


def report(lines: Iterable[Line], *, as_json: bool) -> int:
    """Print the lines and give the exit code: 1 when something is wrong, 3 when only something is unknown."""
    seen: list[Line] = []
    for line in lines:
        seen.append(line)
        if not as_json:
            _print(line)
    results = {line.result for line in seen}
    if as_json:
        output.print_json(
            [
                {"check": line.check, "result": str(line.result), "sentence": line.sentence, "fix": line.fix}
                for line in seen
            ]
        )
    else:
        output.say(_summary(seen))
    return 1 if Result.FAIL in results else 3 if Result.UNKNOWN in results else 0


def _print(line: Line) -> None:
    _, colour = output.LOOKS[str(line.result)]
    mark = output.painted(f"{output.look(str(line.result)):<9}", colour, sys.stdout)
    print(f"{mark} {output.plain(line.check)}: {output.one_line(line.sentence)}", flush=True)
    if line.fix and line.result is not Result.PASS:
        print(f"          fix: {output.one_line(line.fix)}", flush=True)


def _summary(lines: list[Line]) -> str:
    counts = {word: sum(line.result is word for line in lines) for word in Result}
    if counts[Result.FAIL]:
        return f"{counts[Result.FAIL]} of {len(lines)} checks failed"
    if counts[Result.UNKNOWN]:
        return f"{counts[Result.UNKNOWN]} of {len(lines)} checks could not find out"
    if counts[Result.WARN]:
        return f"{counted(counts[Result.PASS], 'check')} passed, {counted(counts[Result.WARN], 'warning')}"
    return f"all is well: {counts[Result.PASS]} checks passed"
