"""The conformance page says what the tests prove, all of it and no more."""

from collections import Counter
from pathlib import Path

import pytest

from tests.conformance.page import KINDS, PAGE, kinds_page, page
from tests.conformance.proofs import Proof, proofs
from tests.conformance.words import ROOT, SIBLINGS, Verdict, rows

CASES = ROOT / "tests" / "cases"


@pytest.mark.slow
def test_the_page_is_what_the_tests_say() -> None:
    """The page names the tests of today; `.venv/bin/python -m tests.conformance` writes it anew."""
    assert PAGE.read_text() == page(), "run .venv/bin/python -m tests.conformance"
    assert KINDS.read_text() == kinds_page(), "run .venv/bin/python -m tests.conformance"


def test_every_row_has_a_test_and_every_mark_a_row() -> None:
    """No promise without a proof that `make test` runs, and no proof of something that is nowhere promised."""
    assert [row for row, count in Counter(row.id for row in rows()).items() if count > 1] == []
    assert faults(proofs()) == []


def test_every_kind_of_fault_has_its_case_and_siblings_elsewhere() -> None:
    """What was mended in one resource was looked for in three others at least."""
    wanting = {}
    for row in (row for row in rows() if row.case):
        assert (CASES / row.id / "case.yaml").is_file(), row.id
        among = {each for proof in proofs() if proof.row == row.id for each in proof.among}
        if len(among) < SIBLINGS:
            wanting[row.id] = among
    assert wanting == {}


def test_every_file_that_a_row_names_is_there() -> None:
    """Objects and cases beside the tests exist."""
    assert [file for row in rows() for file in row.also if not (ROOT / file).is_file()] == []


def test_what_is_missing_is_noticed(tmp_path: Path) -> None:
    """This test would notice: a mark that names nothing, rows that nothing proves, or only a long proof."""
    marks = '@pytest.mark.proves("no-such-row", "inventory")\n@pytest.mark.proves("applyset")\n@pytest.mark.proof\n'
    (tmp_path / "test_it.py").write_text(f"{marks}def test_it():\n    pass\n")
    said = faults(proofs(tmp_path))
    assert "test_it: no-such-row has no row" in said
    assert {"inventory has no test", "applyset has no test", "conflict-policy has no test"} <= set(said)


def faults(found: tuple[Proof, ...]) -> list[str]:
    """Say which rows have no test, and which marks no row."""
    promised = {row.id: row for row in rows()}
    proved = {proof.row for proof in found if not proof.long}
    needed = {name for name, row in promised.items() if row.verdict is not Verdict.NOT_OURS}
    lonely = [f"{name} has no test" for name in sorted(needed - proved)]
    return lonely + [f"{proof.test}: {proof.row} has no row" for proof in found if proof.row not in promised]
