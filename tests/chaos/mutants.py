"""Mutants: copies of this tree, each with one guarantee taken away, for the tests of the tests.

A mutant is a few lines of ours replaced by others. Where the lines are not there any more, the guarantee is kept
elsewhere by now, and the mutant has to follow it.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.serving import ROOT
from tests.sweeping import GIVEN

COPIED = (
    *("pushboat", "webhook", "dashboard", "workers", "cli", "tests", "devcluster", "examples", "deploy"),
    *("docs", "pyproject.toml", "README.md", "Makefile", "Procfile", "CHANGELOG.md", ".ci"),
)
LONGEST = 600.0
"""Seconds for a named test on a mutant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Lines of a file that stand there once, and what takes their place."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """What is taken away, by which edits; the test that has to notice, and words of its failure."""

    name: str
    edits: tuple[Edit, ...]
    test: str
    words: str
    on_a_cluster: bool = False


MUTANTS = (
    Mutant(
        name="fence off",
        edits=(
            Edit(
                file="workers/cluster/writing/shutting_out.py",
                old="    together(cluster.pool, standing, lambda read: _put(cluster, read, fence, may_write))\n",
                new="",
            ),
        ),
        test="tests/cluster/test_nothing_lands_late.py",
        words="DID NOT RAISE",
        on_a_cluster=True,
    ),
    Mutant(
        name="deferred transactions",
        edits=(
            Edit(
                file="pushboat/store/database/engine.py",
                old='"BEGIN" if reads else "BEGIN IMMEDIATE"',
                new='"BEGIN"',
            ),
        ),
        test="tests/store/test_a_decision_stands_on_what_it_read.py",
        words="somebody else wrote what this one had looked at",
    ),
    Mutant(
        name="publish before commit",
        edits=(
            Edit(file="webhook/receiving.py", old="accepted = deliveries.accept(", new="accepted = _promised("),
            Edit(
                file="webhook/receiving.py",
                old="\n_ALWAYS_KEPT = (",
                new="\nimport concurrent.futures, itertools\n\n"
                "_NUMBERS, _LATER = itertools.count(1), concurrent.futures.ThreadPoolExecutor(1)\n\n\n"
                "def _promised(*what: Any, **more: Any) -> Accepted:\n"
                "    _LATER.submit(deliveries.accept, *what, **more)\n"
                "    return Accepted(id=next(_NUMBERS))\n\n\n"
                "_ALWAYS_KEPT = (",
            ),
        ),
        test="tests/power/test_a_power_cut_loses_nothing.py::test_no_accepted_delivery_is_missing[30]",
        words="answered 202 and are gone",
    ),
    Mutant(
        name="inventory after apply",
        edits=(
            Edit(
                file="workers/cluster/writing/applying.py",
                old="    widen(cluster, plan.inventory, plan.covered, fence, may_write)\n",
                new="",
            ),
            Edit(
                file="workers/cluster/writing/applying.py",
                old="    return ChangeSet(tuple(changes))\n",
                new="    widen(cluster, plan.inventory, plan.covered, fence, may_write)\n"
                "    return ChangeSet(tuple(changes))\n",
            ),
        ),
        test="tests/cluster/test_pruning.py::test_the_inventory_is_widened_before_anything_is_applied",
        words="assert audit.writes[0].endswith",
        on_a_cluster=True,
    ),
    Mutant(
        name="status outside the transaction",
        edits=(
            Edit(
                file="pushboat/store/putting.py",
                old="    tx.change_each(_PUT, [_row(repository, letter, tx.now) for letter in letters])\n",
                new="    rows = [_row(repository, letter, tx.now) for letter in letters]\n"
                "    tx.last.append(lambda other: other.change_each(_PUT, rows))\n",
            ),
            Edit(
                file="pushboat/store/database/engine.py",
                old="            yield tx\n            for step in tx.last:\n                step(tx)\n",
                new="            yield tx\n"
                "        with translated(self.engine.url), self.turn, self.engine.begin() as connection:\n"
                "            for step in tx.last:\n"
                "                step(self._transaction(connection))\n",
            ),
        ),
        test="tests/store/test_a_state_and_its_letter_are_one.py",
        words="is queued",
    ),
    Mutant(
        name="sync off",
        edits=(
            Edit(file="pushboat/store/database/engine.py", old="PRAGMA synchronous=FULL", new="PRAGMA synchronous=OFF"),
        ),
        test="tests/power/test_a_power_cut_loses_nothing.py::test_no_accepted_delivery_is_missing[30]",
        words="answered 202 and are gone",
    ),
)


class Outdated(AssertionError):
    """What a mutant replaces is not there once."""


def copy(folder: Path) -> Path:
    """Copy this tree, with what Python has compiled of it."""
    for name in COPIED:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, folder / name, symlinks=True)
        elif place.exists():
            shutil.copy2(place, folder / name)
    return folder


def mutate(tree: Path, mutant: Mutant) -> None:
    """Take a guarantee away."""
    for edit in mutant.edits:
        path = tree / edit.file
        text = path.read_text()
        if text.count(edit.old) != 1:
            raise Outdated(f"{mutant.name}: {edit.file} has {edit.old!r} {text.count(edit.old)} times")
        path.write_text(text.replace(edit.old, edit.new))


def restore(tree: Path, mutant: Mutant) -> None:
    """Give it back."""
    for edit in mutant.edits:
        shutil.copy2(ROOT / edit.file, tree / edit.file)


def tried(tree: Path, mutant: Mutant, kubeconfig: Path | None) -> subprocess.CompletedProcess[str]:
    """Run a mutant's named test in a tree."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    if kubeconfig:
        environ[GIVEN] = str(kubeconfig)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "", mutant.test]
    return subprocess.run(command, cwd=tree, env=environ, capture_output=True, text=True, check=False, timeout=LONGEST)
