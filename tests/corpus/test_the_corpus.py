"""Every folder of tests/cases is one promise: small repositories, pushed in order, and what each push must lead to."""

from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.corpus.folders import CASES, FOLDER, OUR_OWN
from tests.corpus.playing import play
from tests.corpus.reading import read_case
from tests.corpus.refusing import NotUnderstood
from tests.corpus.stage import Stage
from tests.corpus.words import Case

SECONDS_FOR_A_CASE = 600
WAITS_LONG = frozenset(
    {"statefulset-stuck-on-its-first-revision", "custom-resource-judged-too-early", "deleted-but-still-there"}
)


def test_there_are_cases() -> None:
    """An empty folder would be green for ever."""
    assert CASES, f"{FOLDER} holds no case"


def _played(folder: Path) -> ParameterSet:
    """Leave to the long proofs what starts a Pushboat of its own, and what waits until its time is over."""
    try:
        long = folder.name in WAITS_LONG or read_case(folder).changes_the_operators_file
    except NotUnderstood:
        long = False  # it fails its own test
    return pytest.param(folder, marks=[pytest.mark.proof] if long else [], id=folder.name)


@pytest.mark.timeout(SECONDS_FOR_A_CASE)
@pytest.mark.parametrize("folder", [_played(folder) for folder in CASES])
def test_pushes_lead_to_what_is_promised(folder: Path, stage_of: Callable[[Case], Stage]) -> None:
    """I push these folders one after the other, and after each what the case promises holds."""
    case = read_case(folder)
    play(case, stage_of(case))


def test_a_broken_promise_ends_the_case(shared: Stage) -> None:
    """A case that promises what does not happen is red, and the step, the key, the wish and the truth are named."""
    with pytest.raises(AssertionError) as broken:
        play(read_case(OUR_OWN[0]), shared)
    first, second, _ = str(broken.value).splitlines()
    assert first == "broken-on-purpose: step 2"
    assert second == "  cluster: expected ConfigMap/a data.a '2'; seen '1' (a)"


def test_kinds_of_steps_happen_as_they_are_written(shared: Stage) -> None:
    """A case goes through pushes, a pull request, its merge and tags, and what it promises after each is true."""
    play(read_case(OUR_OWN[1]), shared)
