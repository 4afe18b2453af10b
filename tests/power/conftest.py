"""The nouns of the power cut: one run of the real web process, recorded."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.power import recorder
from tests.power.recording import Recording


@dataclass(frozen=True, slots=True)
class Run:
    """What was recorded, and the store's files as they really were at the end."""

    recording: Recording
    after: dict[str, bytes]


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A web process that took 400 pushes from six sides: checkpoints with sums, its log begun anew, and its end."""
    return Run(*recorder.record(tmp_path_factory.mktemp("recorded"), pushes=400))


@pytest.fixture
def after() -> Iterator[Path]:
    """A folder for what a cut leaves, in memory where the machine allows: syncing it once more proves nothing."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="pushboat-power-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder) / "var"
