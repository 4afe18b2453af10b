"""What is fuzzed keeps its promises for all that the fuzzer ever found, and for some hundred mutations of it."""

from random import Random

import pytest

from tests.fuzz.__main__ import main
from tests.fuzz.counting import TooManySteps, checked
from tests.fuzz.demanding import Broken
from tests.fuzz.mutating import mutated
from tests.fuzz.target import CORPUS, FOUND, Target, corpus_of, load, names

MUTATIONS = 20
"""Of each target; `make fuzz` tries thousands a minute."""
MOST_FILES, MOST_BYTES = 400, 1 << 20


def _mutations(target: Target, name: str, number: int) -> None:
    chance = Random(f"{name} {number}")
    corpus = [path.read_bytes() for path in corpus_of(name)]
    for _ in range(number):
        data = mutated(chance.choice(corpus), chance, target.shape, target.words, target.largest)
        try:
            checked(target, data)
        except Exception as broken:
            broken.add_note(f"input: {data!r}")
            raise


@pytest.mark.parametrize("name", names())
def test_the_corpus_breaks_no_promise(name: str) -> None:
    """What reached something once, or broke it, is tried in each run of the tests, with its steps counted."""
    for path in corpus_of(name):
        checked(load(name), path.read_bytes())


@pytest.mark.parametrize("name", names())
def test_mutations_break_no_promise(name: str) -> None:
    """Without the fuzzer, some mutations of the corpus are tried all the same: the same ones each time."""
    _mutations(load(name), name, MUTATIONS)


@pytest.mark.parametrize("name", names())
def test_each_target_sees_the_bugs_that_are_seeded_in_it(name: str) -> None:
    """A check that sees no mistake proves nothing: each has mistakes to see, and no input for nothing."""
    target = load(name)
    assert target.bugs
    assert {path.name for path in (FOUND / name).iterdir()} == set(target.bugs)
    for bug, check in target.bugs.items():
        shown = (FOUND / name / bug).read_bytes()
        target.check(shown)
        with pytest.raises(Exception):  # noqa: B017 - however it shows
            check(shown)


def test_one_input_is_tried_once_more(capsys: pytest.CaptureFixture[str]) -> None:
    """`make fuzz TARGET=… INPUT=…` is how a finding is looked into: a traceback where it breaks a promise."""
    name, bug = "git", "before-is-not-lowered"
    arguments = ["--target", name, "--input", str(FOUND / name / bug)]
    assert main(arguments) == 0
    assert "breaks no promise" in capsys.readouterr().out
    with pytest.raises(Broken, match="before is no commit"):
        main([*arguments, "--bug", bug])
    assert main(["--target", "nobody"]) == 2


def test_steps_without_end_are_stopped() -> None:
    """An input that costs more than its size explains is a broken promise, however fast the machine is."""

    def goes_on(_data: bytes) -> None:
        while True:
            len("")

    with pytest.raises(TooManySteps, match="20,400 steps for 1 bytes"):
        checked(Target(check=goes_on, bugs={}, words=()), b"x")


def test_the_corpus_stays_small() -> None:
    """It is read in each run, and by people: a few hundred small files, and none of a target that is gone."""
    files = [path for name in names() for path in corpus_of(name)]
    assert len(files) <= MOST_FILES
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES
    assert {path.name for path in CORPUS.iterdir()} == {path.name for path in FOUND.iterdir()} == set(names())
