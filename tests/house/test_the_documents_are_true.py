"""The architecture page and the vocabulary describe this tree, not one that was planned."""

import ast
import re
import statistics
import subprocess
from collections.abc import Iterable, Iterator

import pytest

from tests.house.parsed import ROOT, nodes, sources

FORBIDDEN = ("manager", "helper", "util", "common", "misc", "handler", "processor", "service")


OTHERS_WORDS = {"managers", "service", "api_service", "services", "proxy_manager_for", "cli_utils"}
"""Field managers, Service, APIService and cli-utils are called that by Kubernetes itself, one word by requests."""


def names(tree: Iterable[ast.AST]) -> Iterator[str]:
    for node in tree:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def is_named_for_its_role(word: str) -> bool:
    parts = re.findall(r"[A-Z]?[a-z]+", word)
    return any(part.lower().rstrip("s") in FORBIDDEN for part in parts) or word.startswith(("process_", "do_"))


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/vocabulary.md", "README.md", "CONTRIBUTING.md"])
def test_every_path_that_a_page_names_exists(page: str) -> None:
    """A newcomer who follows a page finds the file, and the function in it."""
    text = (ROOT / page).read_text()
    named = re.findall(r"`((?:pushboat|webhook|workers|cli|tests|docs|deploy|examples|devcluster)/[^`\s]*)`", text)
    assert named
    for name in named:
        if "<" in name.replace("<forge>", "") or name == "pushboat/plan":
            continue  # a status context
        path, _, function = name.partition(":")
        for real in [path.replace("<forge>", forge) for forge in ("github", "gitlab", "git")]:
            assert (ROOT / real).exists(), f"{page} names {name}"
            if function:
                assert function in set(names(ast.walk(ast.parse((ROOT / real).read_text())))), f"{page} names {name}"


def test_the_words_of_the_vocabulary_stand_where_it_says() -> None:
    """Each row's word is used in the file that the row names."""
    rows = re.findall(r"^\| ([a-z][^|]+) \| [^|]+ \| `([^`]+)` \|", (ROOT / "docs/vocabulary.md").read_text(), re.M)
    assert len(rows) > 15
    for words, place in rows:
        path = ROOT / place
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        text = "\n".join(file.read_text() for file in files).lower()
        for word in words.split(", "):
            stem = word.split()[0]
            assert stem in text, f"docs/vocabulary.md: {word} is not in {place}"


@pytest.mark.slow
def test_nothing_is_named_for_its_role() -> None:
    """Names say the act or the thing; drawers do not exist."""
    wrong = [
        f"{source.relative_to(ROOT)}: {word}"
        for source in sources()
        for word in (source.stem, *names(nodes(source)))
        if word not in OTHERS_WORDS and is_named_for_its_role(word)
    ]
    assert not wrong


def test_files_and_functions_keep_their_size() -> None:
    """A file has one subject and a function fits a screen."""
    lengths = {str(source.relative_to(ROOT)): source.read_text().count("\n") for source in sources()}
    long_files = {name: length for name, length in lengths.items() if length > 250}
    long_functions = [
        f"{source.relative_to(ROOT)}:{node.lineno} {node.name}"
        for source in sources()
        for node in nodes(source)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 50
    ]
    assert not long_files
    assert not long_functions
    assert statistics.median(lengths.values()) < 120


@pytest.mark.programs
def test_imports_point_down() -> None:
    """The floors of the house, checked arrow by arrow."""
    done = subprocess.run([ROOT / ".venv/bin/lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
