"""The pages that are written from the program say what the program of this commit does."""

import pytest

from cli.main import COMMANDS
from pushboat.config.operator import OperatorSection
from tests.documents.configuration_page import keys
from tests.documents.generated import GENERATED, ROOT


@pytest.mark.parametrize("place", GENERATED)
def test_a_page_is_what_the_program_says(place: str) -> None:
    """Whoever changes a command, a key or a code finds the page out of date."""
    assert (ROOT / place).read_text() == GENERATED[place](), "run make docs"


def test_every_command_stands_there() -> None:
    """I look a command up and find it, whichever of them it is."""
    page = (ROOT / "docs/reference/commands.md").read_text()
    for name in COMMANDS:
        assert f"# pushboat {name}" in page, name
    assert "\n## pushboat deploy\n" in page


def test_keys_are_found_at_any_depth() -> None:
    """A key of a list in a section in a mapping is found by the path that I would write."""
    found = keys(OperatorSection)
    assert len(found) == len(set(found))
    assert {"workers", "forges.<name>.app.id", "projects[].environments.<name>.gates[].url"} <= set(found)
