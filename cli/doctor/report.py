"""How a doctor's lines are printed: as they come, one each, the fix below what is wrong."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace

from cli import output
from pushboat.model.wording import counted
from workers.checks.words import Line, Result


def coded(code: str, lines: Iterable[Line]) -> Iterator[Line]:
    """Give the lines of one check the code by which it is explained."""
    return (replace(line, code=code) for line in lines)


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
                | {"code": line.code}
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
        if line.code:
            print(f"          why: pushboat explain {line.code}", flush=True)


def _summary(lines: list[Line]) -> str:
    counts = {word: sum(line.result is word for line in lines) for word in Result}
    if counts[Result.FAIL]:
        return f"{counts[Result.FAIL]} of {len(lines)} checks failed"
    if counts[Result.UNKNOWN]:
        return f"{counts[Result.UNKNOWN]} of {len(lines)} checks could not find out"
    if counts[Result.WARN]:
        return f"{counted(counts[Result.PASS], 'check')} passed, {counted(counts[Result.WARN], 'warning')}"
    return f"all is well: {counts[Result.PASS]} checks passed"
