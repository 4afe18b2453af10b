"""Write docs/forges.md: what is promised on which forge, and the test that keeps each promise there."""

from collections.abc import Iterator

from tests.conformance.promises import FORGES, Promise, Subject, kept, subjects
from tests.conformance.words import ROOT

PAGE = ROOT / "docs" / "forges.md"
HEAD = """\
# Forges: what holds on each of them

<!-- Made by `.venv/bin/python -m tests.conformance` from tests/conformance/forges.yaml. Don't edit. -->

One suite for all: each promise is a test that runs against a server which speaks the forge's own HTTP and keeps its
rules (`tests/fakes/`), and ✔ leads to it. Where a promise can mean nothing, the number leads to the reason below the
table. [A whole story](../tests/gitea/test_a_real_gitea.py), from the push to the merge, is told on a real Gitea as well
(`make proof`).
"""


def forges_page() -> str:
    """Give the page as it should be."""
    return "\n".join([HEAD, *(line for subject in subjects() for line in _subject(subject))]).rstrip() + "\n"


def _subject(subject: Subject) -> Iterator[str]:
    reasons: list[str] = []
    yield from (f"## {subject.title}", "", f"| | {' | '.join(FORGES.values())} |", "|---" * (len(FORGES) + 1) + "|")
    for promise in subject.promises:
        yield f"| {promise.what} | {' | '.join(_cell(promise, forge, reasons) for forge in FORGES)} |"
    yield ""
    yield from (f"{number}. {reason}" for number, reason in enumerate(reasons, start=1))
    if reasons:
        yield ""


def _cell(promise: Promise, forge: str, reasons: list[str]) -> str:
    if tests := kept(promise, forge):
        return " ".join(f'[✔](../{_place(test)} "{_name(test)}")' for test in tests)
    reason = f"{FORGES[forge]}: {promise.without.get(forge, 'nobody has tried')}"
    if reason not in reasons:
        reasons.append(reason)
    return f"({reasons.index(reason) + 1})"


def _place(test: str) -> str:
    return test.partition("::")[0]


def _name(test: str) -> str:
    return test.rpartition("::")[2].removeprefix("test_").replace("_", " ")
