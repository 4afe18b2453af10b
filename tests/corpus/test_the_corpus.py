"""Every folder of tests/cases is one promise: small repositories, pushed in order, and what each push must lead to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster_view import ClusterView
from tests.corpus.folders import CASES, FOLDER
from tests.corpus.playing import play
from tests.corpus.reading import read_case
from tests.corpus.stage import Stage, opened
from tests.corpus.words import Case
from tests.written import config_map, repository_file

SECONDS_FOR_A_CASE = 600


def test_there_are_cases() -> None:
    """An empty folder would be green for ever."""
    assert CASES, f"{FOLDER} holds no case"


@pytest.mark.timeout(SECONDS_FOR_A_CASE)
@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_pushes_lead_to_what_is_promised(folder: Path, stage_of: Callable[[Case], Stage]) -> None:
    """I push these folders one after the other, and after each what the case promises holds."""
    case = read_case(folder)
    play(case, stage_of(case))


def test_a_broken_promise_ends_the_case(tmp_path: Path, cluster: ClusterView) -> None:
    """A case that promises what does not happen is red, and the step, the key, the wish and the truth are named."""
    folder = tmp_path / "broken-on-purpose"
    (folder / "1" / "deploy").mkdir(parents=True)
    (folder / "1" / ".pushboat.yaml").write_text(repository_file())
    (folder / "1" / "deploy" / "a.yaml").write_text(config_map("a", x="1"))
    promise = 'status: success, cluster: {ConfigMap/a: {data.x: "2"}}'
    (folder / "case.yaml").write_text(f"about: A wish.\nsteps:\n- push: 1\n- then: {{{promise}}}\n")
    case = read_case(folder)
    with opened(tmp_path / "stage", cluster, [case]) as stage, pytest.raises(AssertionError) as broken:
        play(case, stage)
    told = "broken-on-purpose: step 2\n  cluster: expected ConfigMap/a data.x '2'; seen '1' (a)\n  (A wish.)"
    assert str(broken.value) == told
