"""Promises that hold on every forge: rows of a file, each with the tests that keep it, counted by forge.

A row names one test for all forges, whose parameters say which it runs on, or one for each. A forge for which there is
neither has a reason in the row why there can be none.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.words import ROOT

ROWS = Path(__file__).parent / "forges.yaml"
FORGES = {"github": "GitHub", "gitlab": "GitLab", "gitea": "Gitea, Forgejo", "git": "plain git"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One row: what is promised, the tests that keep it, and for which forges it can have no meaning, and why."""

    what: str
    tests: tuple[str, ...]
    single: Mapping[str, tuple[str, ...]]
    without: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Promises of one subject."""

    title: str
    promises: tuple[Promise, ...]


@cache
def subjects() -> tuple[Subject, ...]:
    """Read the rows in their order."""
    written = yaml.safe_load(ROWS.read_text())
    return tuple(
        Subject(title=each["subject"], promises=tuple(_promise(row) for row in each["promises"])) for each in written
    )


def kept(promise: Promise, forge: str) -> tuple[str, ...]:
    """List the tests that keep a promise on one forge, each as `file::name`."""
    everywhere = tuple(test for test in promise.tests if forge in _forges_of(test))
    return (*everywhere, *(test for test in promise.single.get(forge, ()) if test in collected()))


def unknown(promise: Promise) -> tuple[str, ...]:
    """List the tests that a row names and nobody has written."""
    named = (*promise.tests, *(test for tests in promise.single.values() for test in tests))
    return tuple(test for test in named if test not in collected())


@cache
def collected() -> Mapping[str, tuple[str, ...]]:
    """Ask pytest for every test in the files that rows name, and the parameters that each of them runs with."""
    files = sorted(file for file in {test.partition("::")[0] for test in _named()} if (ROOT / file).exists())
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "", "-p", "no:randomly", *files]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, env=_alone())
    found: dict[str, tuple[str, ...]] = {}
    for line in said.stdout.splitlines():
        test, _, parameters = line.partition("[")
        if "::" in test:
            found[test] = (*found.get(test, ()), parameters.rstrip("]"))
    return found


def _named() -> Sequence[str]:
    rows = [promise for subject in subjects() for promise in subject.promises]
    return [test for row in rows for test in (*row.tests, *(one for tests in row.single.values() for one in tests))]


def _alone() -> dict[str, str]:
    """Give an environment in which pytest does not take itself for a part of the run that asks."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}


def _forges_of(test: str) -> set[str]:
    """Read from a test's parameters which forges it runs on."""
    words = {word.lower() for each in collected().get(test, ()) for word in each.replace("Fake", "").split("-")}
    return words & set(FORGES)


def _promise(written: Mapping[str, Any]) -> Promise:
    single = {forge: _tests(written[forge]) for forge in FORGES if forge in written}
    return Promise(
        what=written["promise"],
        tests=_tests(written.get("tests", ())),
        single=single,
        without=written.get("without", {}),
    )


def _tests(written: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(f"tests/{test}" for test in ([written] if isinstance(written, str) else written))
