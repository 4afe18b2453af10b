"""A fuzzer is worth what it finds: each bug that is seeded in a target, and soon."""

from pathlib import Path

import pytest

from tests.fuzz.keeping import shows_a_bug
from tests.fuzz.running import fuzzed
from tests.fuzz.target import corpus_of, load, names

pytestmark = [pytest.mark.proof, pytest.mark.programs]
SOON_SECONDS, AT_THE_LATEST_SECONDS = 60, 400
"""Of the processor; and by the clock, on a machine that has other things to do."""


@pytest.mark.parametrize(("name", "bug"), [(name, bug) for name in names() for bug in load(name).bugs])
def test_each_seeded_bug_is_found_within_a_minute(name: str, bug: str, tmp_path: Path) -> None:
    """`make fuzz` finds each seeded bug: from the committed corpus, none of which shows it."""
    assert not any(shows_a_bug(load(name), path.read_bytes()) for path in corpus_of(name))
    found = fuzzed(name, AT_THE_LATEST_SECONDS, bug=bug, seed=1, into=tmp_path / name)
    assert found.broken is not None, found.said[-2000:]
    assert found.seconds < SOON_SECONDS
    with pytest.raises(Exception):  # noqa: B017 - however it shows
        load(name).bugs[bug](found.broken.read_bytes())
    load(name).check(found.broken.read_bytes())
