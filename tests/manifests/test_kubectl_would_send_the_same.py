"""What kubectl would send of a file is what Pushboat sends: the same objects, words, numbers and dates.

The vectors are kubectl's own requests (`python -m tests.manifests.vectors` asks it anew).
"""

import re

import pytest

from tests.manifests.asking_kubectl import Answer, ask
from tests.manifests.comparing import FILE, ours, same
from tests.manifests.differences import DIFFERENCES, EXPLAINED, TWICE
from tests.manifests.page import PAGE, page
from tests.manifests.vectors import cases, kept

KEPT = kept()
EVERY = 5
TWO_SPELLINGS = ("shape: merge of numbers as keys", "shape: merge with on and true")
"""Of `1` and "1", of `on` and "true", kubectl keeps now this one and now that one, also where one was merged in."""
PLACED = re.compile(re.escape(FILE) + r":\d+:\d+: ")


def _differs(content: str | bytes, theirs: Answer) -> bool:
    mine = ours(content)
    if mine.refused or theirs.refused:
        return bool(mine.refused) is not bool(theirs.refused)
    return not same(mine.sent, theirs.sent)


def test_hundreds_of_files_mean_what_they_mean_to_kubectl() -> None:
    """My manifest means under Pushboat what it means under kubectl, down to `0644`, `on` and a numeric sha."""
    assert len(KEPT) >= 650
    assert {name for name, (content, theirs) in KEPT.items() if _differs(content, theirs)} == EXPLAINED


def test_every_difference_stands_once_with_its_reason() -> None:
    """I can look up why Pushboat reads something otherwise than kubectl does."""
    assert sum(map(len, DIFFERENCES.values())) == len(EXPLAINED)


def test_nothing_is_sent_of_what_kubectl_would_lose() -> None:
    """Where we do not do as kubectl does, we never send less than what is written: we send it all, or refuse."""
    for name in sorted(EXPLAINED):
        content, theirs = KEPT[name]
        mine = ours(content)
        assert mine.refused or len(mine.sent) >= len(theirs.sent), name


def test_what_is_refused_has_its_place() -> None:
    """Whatever is wrong with a file, I am told the line and the column."""
    refused = [ours(content).refused for content, _ in KEPT.values()]
    assert [each for each in refused if each and not PLACED.match(each)] == []


def test_the_vectors_are_of_these_cases() -> None:
    """A case that was changed is asked anew, and none is forgotten."""
    assert {name: content for name, (content, _) in KEPT.items()} == dict(cases())


def test_the_page_of_differences_is_true() -> None:
    """It says what the tests say; `.venv/bin/python -m tests.manifests.page` writes it anew."""
    assert PAGE.read_text() == page(), "run .venv/bin/python -m tests.manifests.page"


@pytest.mark.proof
def test_the_kubectl_at_hand_says_the_same() -> None:
    """The vectors are no wishes: the kubectl on PATH sends them."""
    by_lot = {*DIFFERENCES[TWICE], *TWO_SPELLINGS}
    fixed = [(name, content) for name, content in cases().items() if name not in by_lot]
    sample = dict(fixed[::EVERY])
    for name, answer in ask(sample).items():
        kept_answer = KEPT[name][1]
        assert (answer.sent, bool(answer.refused)) == (kept_answer.sent, bool(kept_answer.refused)), name
