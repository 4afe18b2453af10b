"""Which tests prove which rows: read from `@pytest.mark.proves(…)` in the sources, without running or importing them.

`proves("row", "another")` names rows; `proves("row", among=("Service", "a Role"))` names the resources as well in which
the test looks for the fault of a case.
"""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.words import ROOT

MARK = "pytest.mark.proves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One test and one row that it proves."""

    row: str
    file: str
    test: str
    promise: str
    among: tuple[str, ...] = ()
    long: bool = False
    """It is one of the long proofs, which `make test` leaves out."""


@functools.cache
def proofs(folder: Path = ROOT / "tests") -> tuple[Proof, ...]:
    """Read the marks of all tests below a folder, in the order of files and lines."""
    return tuple(proof for file in sorted(folder.rglob("test_*.py")) for proof in _of(file))


def _of(file: Path) -> Iterator[Proof]:
    text = file.read_text()
    if MARK not in text:
        return
    name = str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else file.name
    body = ast.parse(text).body
    whole = [
        node.value for node in body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            long = any(ast.unparse(mark) == "pytest.mark.proof" for mark in (*whole, *node.decorator_list))
            promise = " ".join((ast.get_docstring(node) or "").split())
            for rows, among in map(_named, node.decorator_list):
                for row in rows:
                    yield Proof(row=row, file=name, test=node.name, promise=promise, among=among, long=long)


def _named(mark: ast.expr) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the rows that a decorator names, and the resources; none where it is another one."""
    if not isinstance(mark, ast.Call) or ast.unparse(mark.func) != MARK:
        return (), ()
    named = tuple(ast.literal_eval(argument) for argument in mark.args)
    among = next((ast.literal_eval(each.value) for each in mark.keywords if each.arg == "among"), ())
    return named, tuple(among)
