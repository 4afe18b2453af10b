"""Runs the fuzzer on one target in a process of its own, and says how that went."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.target import CORPUS, load

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var" / "fuzz"
"""What runs leave here for the next ones: inputs that reach something new, logs, and what broke a promise."""
_BROKEN = re.compile(r"Test unit written to (\S+)")
_INPUTS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_REACHED = re.compile(r"cov: (\d+)")
_SECONDS_FOR_ONE, _MEMORY_MB = 1_200, 2_500
"""What hangs is found by its steps first. Half of these seconds is how often the fuzzer has an alarm rung, and one that
rings while it writes a broken promise down ends it without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many inputs were tried, how many places of our code they reached, and what broke a promise, if anything did.

    `seconds` are the processor's.
    """

    target: str
    inputs: int = 0
    reached: int = 0
    seconds: float = 0.0
    code: int = 0
    broken: Path | None = None
    said: str = ""


def fuzzed(
    name: str, seconds: int, *, bug: str = "", seed: int = 0, into: Path | None = None, options: Sequence[str] = ()
) -> Outcome:
    """Fuzz a target, or one of its bugs, for some seconds; new inputs are kept in `into`.

    From the same seed, other than 0, and the same inputs come the same mutations: sets have one order then.
    """
    folder = into or VAR / name
    folder.mkdir(parents=True, exist_ok=True)
    target = load(name)
    environ = {**os.environ, "PYTHONHASHSEED": "0"} if seed else None
    with tempfile.NamedTemporaryFile("w", suffix=".dict") as words:
        words.write("\n".join(_quoted(word) for word in target.words))
        words.flush()
        arguments = [
            f"-max_total_time={seconds}",
            f"-max_len={target.largest}",
            f"-dict={words.name}",
            f"-seed={seed}",
            f"-timeout={_SECONDS_FOR_ONE}",
            f"-rss_limit_mb={_MEMORY_MB}",
            f"-artifact_prefix={folder.parent}/{name}-",
            "-mutate_depth=2",  # ours change enough at once; what was changed five times in a row is mostly wreckage
            "-print_final_stats=1",
            *options,
        ]
        command = [sys.executable, "-m", "tests.fuzz.engine", name, bug, *arguments, str(folder), str(CORPUS / name)]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert process.stdout is not None
        with process.stdout as stream:
            said = stream.read().decode("utf-8", "replace")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    (folder.parent / f"{name}.log").write_text(said)
    return _outcome(name, process.returncode, used.ru_utime + used.ru_stime, said)


def _outcome(name: str, code: int, seconds: float, said: str) -> Outcome:
    broken = _BROKEN.search(said)
    inputs, reached = _INPUTS.findall(said), _REACHED.findall(said)
    return Outcome(
        target=name,
        inputs=int(inputs[-1]) if inputs else 0,
        reached=int(reached[-1]) if reached else 0,
        seconds=seconds,
        code=code,
        broken=Path(broken[1]) if broken else None,
        said="\n".join(line for line in said.splitlines() if not line.startswith("INFO: Instrumenting")),
    )


def _quoted(word: str) -> str:
    """Write a word as the fuzzer's dictionaries have it: printable ASCII, all else as its bytes."""
    signs = (chr(each) if 32 <= each < 127 and each not in b'"\\' else f"\\x{each:02X}" for each in word.encode())
    return f'"{"".join(signs)}"'
