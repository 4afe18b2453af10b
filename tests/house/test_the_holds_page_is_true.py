"""The page of holds says what the table of kinds does."""

from tests.conformance.holds_page import PAGE, holds_page


def test_the_page_is_what_the_table_says() -> None:
    """Whoever adds a kind of hold, or changes its words, finds the page out of date."""
    assert PAGE.read_text() == holds_page(), "run .venv/bin/python -m tests.conformance"
