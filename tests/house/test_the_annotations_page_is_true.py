"""The page of other tools' annotations says what tests show, all of it and no more."""

from tests.directives.documented import PAGE, page
from tests.directives.proofs import PROOFS, missing, name_of, proof_of
from tests.directives.rows import ROWS
from workers.manifests.directives.words import NOTHING


def test_the_page_is_what_the_tests_say() -> None:
    """It names the tests of today; `.venv/bin/python -m tests.directives.documented` writes it anew."""
    assert PAGE.read_text() == page(), "run .venv/bin/python -m tests.directives.documented"


def test_every_proof_is_a_test_of_a_row() -> None:
    """No row is proved by a test that is not there, and no test proves what has no row."""
    assert list(missing()) == []
    known = {name_of(row) for row in ROWS}
    assert [name for names in PROOFS.values() for name in names if name not in known] == []


def test_every_annotation_that_means_something_is_on_the_page() -> None:
    """What changes a deployment is shown by a test, for one value of each annotation at least."""
    text = PAGE.read_text()
    assert {row.key for row in ROWS if row.means != NOTHING and f"`{row.key}" not in text} == set()


def test_every_row_is_proved() -> None:
    """Each annotation and value has its test."""
    assert [name_of(row) for row in ROWS if proof_of(row) is None] == []
