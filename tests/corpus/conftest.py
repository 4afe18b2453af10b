"""The stages of the corpus: one Pushboat for all cases that leave the operator's file alone, one for each other."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cluster_view import ClusterView
from tests.corpus.folders import CASES, OUR_OWN
from tests.corpus.reading import read_case
from tests.corpus.refusing import NotUnderstood
from tests.corpus.stage import Stage, opened
from tests.corpus.words import Case


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, cluster: ClusterView) -> Iterator[Stage]:
    """One stage for the cases that can share it."""
    read = [case for folder in (*CASES, *OUR_OWN) if (case := _readable(folder))]
    cases = [case for case in read if not case.changes_the_operators_file]
    with opened(tmp_path_factory.mktemp("corpus"), cluster, cases) as stage:
        yield stage


@pytest.fixture
def stage_of(request: pytest.FixtureRequest, tmp_path: Path, cluster: ClusterView) -> Iterator[Callable[[Case], Stage]]:
    """Give the stage on which a case can be played."""
    with ExitStack() as own:

        def find(case: Case) -> Stage:
            if case.changes_the_operators_file:
                return own.enter_context(opened(tmp_path, cluster, [case]))
            stage: Stage = request.getfixturevalue("shared")
            return stage

        yield find


def _readable(folder: Path) -> Case | None:
    """Read a case; one that cannot be read fails its own test, and no other."""
    try:
        return read_case(folder)
    except NotUnderstood:
        return None
