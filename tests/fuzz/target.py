"""What is fuzzed: one file of `targets/` each, found by its name; its corpus lies in `corpus/<name>/`.

Nothing of ours is imported here, so that the fuzzer can instrument all of it when a target is loaded.
"""

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
FOUND = HERE / "found"
"""For each target and each bug that was seeded in it, an input that shows the bug: one that the fuzzer found."""
Check = Callable[[bytes], None]
"""Takes any bytes and raises where a promise is broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One door through which strangers' bytes come in.

    `check` holds our own code to what it promises. Each of `bugs` does the same to a variant with one mistake in it,
    so that we know that the check sees such a mistake and that the fuzzer gets there. `words` are what the format is
    made of, `shape` what a mutation may take apart: `lines`, `json`, or `http` for headers before a body of JSON.
    A check may take `steps` calls of functions, and as many more for each byte as `steps_per_byte` says.
    """

    check: Check
    bugs: Mapping[str, Check]
    words: tuple[str, ...]
    shape: str = "lines"
    steps: int = 20_000
    steps_per_byte: int = 400
    largest: int = 4096
    """Bytes of an input."""


def names() -> list[str]:
    """Name all targets."""
    return sorted(path.stem for path in (HERE / "targets").glob("*.py"))


def load(name: str) -> Target:
    """Load a target by its name."""
    found: Target = importlib.import_module(f"tests.fuzz.targets.{name}").TARGET
    return found


def words_of(name: str) -> tuple[str, ...]:
    """Read what a target's format is made of."""
    return tuple(json.loads((HERE / "words" / f"{name}.json").read_text()))


def corpus_of(name: str) -> list[Path]:
    """List the inputs that are kept for a target."""
    return sorted((CORPUS / name).iterdir())
