"""Takes into the committed corpus what runs have found: few inputs, each of which reaches what the others do not."""

import hashlib
import tempfile
from pathlib import Path

from tests.fuzz.running import VAR, fuzzed
from tests.fuzz.target import CORPUS, Target, corpus_of, load

MOST_INPUTS, MOST_BYTES = 24, 1500
"""Of one target, and of one input that a run found."""


def keep(name: str) -> int:
    """Add to a target's corpus what reaches more than it does, the smallest first; say how many there are then."""
    target, there = load(name), {path.read_bytes() for path in corpus_of(name)}
    with tempfile.TemporaryDirectory(prefix="pushboat-fuzz-") as folder:
        merged = Path(folder) / "merged"
        fuzzed(name, 0, into=merged, options=["-merge=1", str(VAR / name)])
        found = sorted({path.read_bytes() for path in merged.iterdir()} - there, key=lambda data: (len(data), data))
    small = [data for data in found if 0 < len(data) <= MOST_BYTES and not shows_a_bug(target, data)]
    for data in small[: max(0, MOST_INPUTS - len(there))]:
        (CORPUS / name / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)
    return len(corpus_of(name))


def shows_a_bug(target: Target, data: bytes) -> bool:
    """Say whether an input shows a bug that the fuzzer shall find by itself."""
    for check in target.bugs.values():
        try:
            check(data)
        except Exception:  # noqa: BLE001 - whatever it raises is how it shows
            return True
    return False
