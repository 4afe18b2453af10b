"""What the README tells people to write is accepted as it stands there."""

import re
from pathlib import Path

import pytest

from pushboat.config import operator, repository

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", README, re.M | re.S)


def test_there_is_something_to_try() -> None:
    """The README shows an operator's file for a forge and for plain git, and a repository's file, with a chart too."""
    assert len(BLOCKS) == 4


@pytest.mark.parametrize("block", [block for block in BLOCKS if "forges:" in block])
def test_the_operators_files_load(block: str, tmp_path: Path) -> None:
    """I paste the file, make the secret as I am told, and Pushboat takes it."""
    for secret in ("webhook-secret", "pages-password"):
        (tmp_path / secret).write_text("0" * 64)
    read = operator.parse(block, tmp_path / "pushboat.yaml", {"GITHUB_TOKEN": "a token"})
    assert read.projects


@pytest.mark.parametrize("block", [block for block in BLOCKS if "forges:" not in block])
def test_the_repositorys_files_load(block: str) -> None:
    """I paste the file into my repository, and Pushboat takes it."""
    assert repository.parse(block).environments
