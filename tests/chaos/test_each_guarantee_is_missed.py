"""Tests of the tests: each guarantee that is taken away turns a named test red, which is green with it."""

from pathlib import Path

import pytest

from tests.chaos.mutants import MUTANTS, Mutant, copy, mutate, restore, tried


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this tree."""
    return copy(tmp_path_factory.mktemp("mutants"))


@pytest.mark.proof
@pytest.mark.timeout(1300)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_guarantee_that_is_taken_away_is_missed(tree: Path, mutant: Mutant, request: pytest.FixtureRequest) -> None:
    """The named test passes as the tree is, and says what is wrong where the guarantee is not kept."""
    kubeconfig = request.getfixturevalue("kubeconfig") if mutant.on_a_cluster else None
    whole = tried(tree, mutant, kubeconfig)
    assert whole.returncode == 0, whole.stdout[-4000:]
    mutate(tree, mutant)
    try:
        without = tried(tree, mutant, kubeconfig)
    finally:
        restore(tree, mutant)
    assert without.returncode == 1, f"{mutant.test} does not miss it:\n{without.stdout[-4000:]}"
    assert mutant.words in without.stdout, without.stdout[-4000:]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name.replace(" ", "-"))
def test_what_a_mutant_takes_away_is_there(tmp_path: Path, mutant: Mutant) -> None:
    """The lines that keep a guarantee are those that its mutant replaces, and the named test is there."""
    for edit in mutant.edits:
        path = tmp_path / edit.file
        path.parent.mkdir(parents=True, exist_ok=True)
    restore(tmp_path, mutant)
    mutate(tmp_path, mutant)
    for edit in mutant.edits:
        compile((tmp_path / edit.file).read_text(), edit.file, "exec")
