"""What README, quick starts and how-tos tell people to write is accepted as it stands there."""

import re
from pathlib import Path

import pytest

from pushboat.config import operator, repository
from pushboat.policy import subjects
from tests.documents.blocks import ROOT

PAGES = (
    "README.md",
    *sorted(
        str(page.relative_to(ROOT))
        for folder in ("start", "how-to", "moving-from")
        for page in (ROOT / "docs" / folder).glob("*.md")
    ),
)
FILES = [
    pytest.param(text, id=f"{page} {number}")
    for page in PAGES
    for number, text in enumerate(re.findall(r"^```yaml[^\n]*\n(.*?)^```", (ROOT / page).read_text(), re.M | re.S), 1)
]
OPERATORS = [each for each in FILES if re.search(r"^projects:", str(each.values[0]), re.M)]
REPOSITORYS = [each for each in FILES if re.search(r"^environments:", str(each.values[0]), re.M)]
SECRETS = ("webhook-secret", "pages-password", "gate-secret", "prod-key.txt")


class Everything(dict[str, str]):
    """An environment in which every variable is set."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return "a token"


@pytest.mark.parametrize("text", OPERATORS)
def test_the_operators_files_load(text: str, tmp_path: Path) -> None:
    """I paste the file, make the secrets as I am told, and Pushboat takes it."""
    for secret in SECRETS:
        (tmp_path / secret).write_text("0" * 64)
    assert operator.parse(text, tmp_path / "pushboat.yaml", Everything()).projects


@pytest.mark.parametrize("text", REPOSITORYS)
def test_the_repositorys_files_load(text: str) -> None:
    """I paste the file into my repository, and Pushboat takes it."""
    read = repository.parse(text)
    assert read.environments or read.patterns


@pytest.mark.parametrize(
    ("subject", "against"),
    [
        ("feat(shop): let people pay", []),
        ("fix!: count once", []),
        ("Let people pay", ["conventional-subject"]),
        (f"docs: {'a' * 80}", ["short-subject"]),
        ("Docs are fine" + "s" * 80, ["conventional-subject", "short-subject"]),
    ],
)
def test_the_examples_rules_for_subjects_say_what_they_claim(subject: str, against: list[str], tmp_path: Path) -> None:
    """I copy the operator's rules for commits, and they are against what they say they are."""
    (tmp_path / "webhook-secret").write_text("0" * 64)
    text = (ROOT / "examples/checks/pushboat.yaml").read_text()
    project = operator.parse(text, tmp_path / "pushboat.yaml", Everything()).projects["github/acme/shop"]
    commit = f"tree {'0' * 40}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\n{subject}\n".encode()
    rules = project.environments["staging"].policy.commits
    assert [rule.name for rule in rules if subjects.judged(rule, commit).sentence] == against
