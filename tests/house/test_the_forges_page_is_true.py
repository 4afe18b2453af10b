"""The page of the forges says on which of them each promise is kept, by a test that there is."""

from dataclasses import replace

import pytest

from tests.conformance.forges_page import PAGE, forges_page
from tests.conformance.promises import FORGES, Promise, kept, subjects, unknown

pytestmark = pytest.mark.programs  # they ask another pytest what there is


def test_the_page_is_what_the_tests_say() -> None:
    """The page names the tests of today; `.venv/bin/python -m tests.conformance` writes it anew."""
    assert PAGE.read_text() == forges_page(), "run .venv/bin/python -m tests.conformance"


def test_every_promise_is_kept_on_every_forge_or_says_why_it_cannot_be() -> None:
    """No cell is empty, and none has both a test and an excuse."""
    assert [fault for subject in subjects() for promise in subject.promises for fault in faults(promise)] == []


def test_what_is_missing_is_noticed() -> None:
    """This test would notice: a test that nobody wrote, one forge too few, an excuse for what is kept."""
    promise = subjects()[0].promises[0]
    assert faults(promise) == []
    assert faults(replace(promise, tests=("tests/forges/test_contract.py::test_nothing",))) == [
        "tests/forges/test_contract.py::test_nothing is not there",
        *(f"{promise.what}: {forge} has neither test nor reason" for forge in FORGES),
    ]
    assert faults(replace(promise, without={"git": "no wish"})) == [f"{promise.what}: git has a test and a reason"]


def faults(promise: Promise) -> list[str]:
    """Say what is wrong with a row."""
    wrong = [f"{test} is not there" for test in unknown(promise)]
    for forge in FORGES:
        proved, excused = bool(kept(promise, forge)), forge in promise.without
        if proved == excused:
            how = "a test and a reason" if proved else "neither test nor reason"
            wrong.append(f"{promise.what}: {forge} has {how}")
    return wrong
