"""What a kind of forge is stands in one row and one folder; everybody else asks neither's name."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pushboat.config.kinds import KINDS, SPOKEN_AS
from tests.house.parsed import ROOT, nodes, sources

NAMES = {*KINDS, *SPOKEN_AS}
FILES = ("deliveries.py", "client.py", "posting.py", "checks.py", "signing.py")


def elsewhere() -> Iterator[Path]:
    """All product files but the table of kinds and what stands in a forge's own folder."""
    for source in sources():
        place = source.relative_to(ROOT)
        in_its_folder = place.parts[:2] == ("pushboat", "forges") and len(place.parts) > 3
        if not in_its_folder and place != Path("pushboat/config/kinds.py"):
            yield source


def constants(node: ast.AST | None) -> Iterator[str]:
    """The texts that an operand consists of; what stands in a call (the git command, say) is another matter."""
    for one in node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def asked(tree: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """The names of kinds that something is compared with, looked up by, or told apart by in a table of its own."""
    for node in tree:
        questions: list[ast.AST | None] = []
        if isinstance(node, ast.Compare):
            questions = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            questions = [node.value]
        elif isinstance(node, ast.Subscript):
            questions = [node.slice]
        elif isinstance(node, ast.Dict):
            questions = [key for key in node.keys if isinstance(key, ast.Constant)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            questions = [*node.args] if node.func.attr in ("startswith", "endswith", "get", "removeprefix") else []
        for question in questions:
            yield from ((node.lineno, word) for word in constants(question) if word in NAMES)


@pytest.mark.slow
def test_nobody_asks_whether_it_is_gitlab() -> None:
    """Outside the table of kinds and the forges' folders no code knows a kind by its name."""
    found = [
        f"{source.relative_to(ROOT)}:{line}: {word}" for source in elsewhere() for line, word in asked(nodes(source))
    ]
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        "forge.kind == 'gitlab'",
        "'git' != kind",
        "kind in ('github', 'gitea')",
        "{'gitlab': 1}[kind]",
        "homes['github']",
        "homes.get('github')",
        "kind.startswith('git')",
        "match kind:\n    case 'gitlab':\n        pass",
    ],
)
def test_the_question_is_recognised_in_each_of_its_forms(code: str) -> None:
    """This test would notice: comparison, table, look-up, match."""
    assert list(asked(ast.walk(ast.parse(code))))


def test_every_row_has_its_folder_and_every_folder_its_row() -> None:
    """A new forge is one row in the table of kinds and one folder with the same files as all others."""
    folders = {path.parent.name for path in (ROOT / "pushboat/forges").glob("*/deliveries.py")}
    assert folders == set(KINDS)
    assert all((ROOT / "pushboat/forges" / kind / file).exists() for kind in KINDS for file in FILES)
