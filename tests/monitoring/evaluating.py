"""Asks Prometheus' own engine: the small program in promql/, built once."""

import hashlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cli.lab.golang import build_once, cache, go, run_with_progress, say_on_stderr

SOURCE = Path(__file__).parent / "promql"
FILES = ("go.mod", "go.sum", "main.go")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of recorded series, a value a minute; for how many minutes it must have been so."""

    series: str
    expr: str
    minute: int
    minutes: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Firing:
    """One series of a result, and what is said of it."""

    labels: Mapping[str, str]
    value: float
    texts: Mapping[str, str]


def ask(questions: Sequence[Question]) -> list[list[Firing]]:
    """Give what fires at each question."""
    asked = json.dumps([asdict(each) for each in questions])
    told = subprocess.run([program()], input=asked, stdout=subprocess.PIPE, text=True, check=True).stdout
    answers = json.loads(told)
    assert [each["error"] for each in answers if each["error"]] == []
    return [[_firing(**found) for found in each["fires"] or []] for each in answers]


def _firing(labels: Mapping[str, str], value: str, texts: Mapping[str, str]) -> Firing:
    return Firing(labels, float(value), texts)


def program() -> Path:
    """Build it where nobody did: about three minutes on two cores, with a line now and then."""
    digest = hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in FILES)).hexdigest()[:16]

    def build(target: Path) -> None:
        command = [str(go(say_on_stderr)), "build", "-C", str(SOURCE), "-buildvcs=false", "-o", str(target), "."]
        settings = {"GOFLAGS": "", "CGO_ENABLED": "0"}
        run_with_progress(command, "building Prometheus' engine", 180, say_on_stderr, settings)

    return build_once(cache("promql", digest), build)
