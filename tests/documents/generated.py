"""The pages of docs/ that are written from the program, and where they lie."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.chaos.telling import page as reliability_page
from tests.documents.commands_page import commands_page
from tests.documents.configuration_page import configuration_page
from tests.documents.errors_page import errors_page

ROOT = Path(__file__).resolve().parents[2]
GENERATED: Mapping[str, Callable[[], str]] = {
    "docs/errors.md": errors_page,
    "docs/reliability.md": reliability_page,
    "docs/reference/commands.md": commands_page,
    "docs/reference/configuration.md": configuration_page,
}
