"""The sound parts of an operator's file, and how a table's case expects one mistake in it."""

from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.errors import ConfigurationError, Mistake
from tests.configuration.marked import unmarked

FORGES = """
forges:
  github: {kind: github, webhook_secrets: [{env: HOOK}], token: {env: TOKEN}}
  gitlab: {kind: gitlab, webhook_secrets: [{env: HOOK}], token: {env: TOKEN}}
"""
CLUSTERS = """
clusters:
  dev: {in_cluster: true}
"""
SHOP = """
projects:
  - repository: github/acme/shop
    environments:
"""
ENVIRON = {"HOOK": "hook-secret", "TOKEN": "t", "EMPTY": "\n"}


def mistakes_of(text: str, folder: Path) -> tuple[Mistake, ...]:
    """Read a text that is wrong, and give its mistakes."""
    with pytest.raises(ConfigurationError) as raised:
        operator.parse(text, folder / "pushboat.yaml", ENVIRON)
    return raised.value.mistakes


def check(marked: str, message: str, folder: Path) -> None:
    """Expect one mistake, at the mark."""
    text, line, column = unmarked(marked)
    file = str(folder / "pushboat.yaml")
    expected = Mistake(file=file, line=line, column=column, message=message.replace("FOLDER", str(folder)))
    assert mistakes_of(text, folder) == (expected,)
    assert str(expected).startswith(f"{file}:{line}:{column}: ")
