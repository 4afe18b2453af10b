"""`make fuzz`: every target for some seconds, or one input once more. See `docs/fuzzing.md`."""

import argparse
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.fuzz.counting import checked
from tests.fuzz.keeping import keep
from tests.fuzz.running import Outcome, fuzzed
from tests.fuzz.target import load, names

_AT_ONCE = 2
_LAST_LINES = 25
_PLATFORM = (
    "the fuzzer is not installed: `make fuzz` installs it, on Linux for x86-64; elsewhere `make test` tries mutations"
)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for."""
    asked = _asked(arguments)
    wanted = [asked.target] if asked.target else names()
    if unknown := set(wanted) - set(names()):
        print(f"no target {', '.join(unknown)}: there are {', '.join(names())}", file=sys.stderr)
        return 2
    if asked.input:
        return _once_more(asked.target, asked.bug, Path(asked.input))
    if importlib.util.find_spec("atheris") is None:
        print(_PLATFORM, file=sys.stderr)
        return 2
    if asked.keep:
        for name in wanted:
            print(f"{name}: {keep(name)} inputs")
        return 0
    return _all(wanted, asked)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="for each target  [default: 20]")
    parser.add_argument("--runs", type=int, default=0, help="inputs of each target at most  [default: no limit]")
    parser.add_argument("--seed", type=int, default=0, help="of the fuzzer's own chance  [default: another each time]")
    parser.add_argument("--target", default="", help=f"one of {', '.join(names())}")
    parser.add_argument("--input", default="", help="only check this file")
    parser.add_argument("--bug", default="", help="fuzz a variant of the target with this bug, to see it found")
    parser.add_argument("--keep", action="store_true", help="take what earlier runs found into the corpus")
    asked = parser.parse_args(arguments)
    if (asked.input or asked.bug) and not asked.target:
        parser.error("name the --target of this --input or --bug")
    return asked


def _once_more(name: str, bug: str, path: Path) -> int:
    target = load(name)
    checked(replace(target, check=target.bugs[bug]) if bug else target, path.read_bytes())
    print(f"{name}: {path} breaks no promise")
    return 0


def _all(wanted: list[str], asked: argparse.Namespace) -> int:
    broken = []
    with ThreadPoolExecutor(min(_AT_ONCE, os.cpu_count() or 1)) as sides, _progress(len(wanted)) as told:
        more = [f"-runs={asked.runs}"] if asked.runs else []
        runs = [
            sides.submit(fuzzed, name, asked.seconds, bug=asked.bug, seed=asked.seed, options=more) for name in wanted
        ]
        for run in as_completed(runs):
            outcome = run.result()
            told(_line(outcome))
            if outcome.code:
                broken.append(outcome)
    for outcome in broken:
        _show(outcome)
    return 1 if broken else 0


def _line(outcome: Outcome) -> str:
    if outcome.code:
        return f"{outcome.target}: a promise is BROKEN after {outcome.inputs:,} inputs"
    return f"{outcome.target}: {outcome.inputs:,} inputs reached {outcome.reached:,} places and broke nothing"


def _show(outcome: Outcome) -> None:
    print(f"\n== {outcome.target}")
    print("\n".join(outcome.said.splitlines()[-_LAST_LINES:]) if outcome.broken is None else _traceback(outcome.said))
    if outcome.broken is not None:
        print(f"{outcome.broken.read_bytes()[:2000]!r}\n")
        print(f"once more: make fuzz TARGET={outcome.target} INPUT={outcome.broken}")


def _traceback(said: str) -> str:
    _, _, after = said.partition("=== Uncaught Python exception: ===")
    return (after or said).partition("==ERROR")[0].strip()


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """Give what prints a line when a target is done; on a terminal a last line says that work goes on."""
    console = Console(highlight=False)
    columns = (SpinnerColumn(), TextColumn("{task.completed} of {task.total} targets"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total)

        def told(line: str) -> None:
            console.print(line, markup=False)
            progress.advance(task)

        yield told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
