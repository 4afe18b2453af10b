"""The product's sources as Python reads them: parsed once for all rules of the house that look at them."""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("pushboat", "webhook", "dashboard", "workers", "cli")


@cache
def sources() -> Mapping[Path, ast.Module]:
    """Parse every file of the product."""
    files = (source for room in PRODUCT for source in (ROOT / room).rglob("*.py"))
    return {source: ast.parse(source.read_text()) for source in files}


@cache
def nodes(source: Path) -> tuple[ast.AST, ...]:
    """List all that stands in a file, at any depth."""
    return tuple(ast.walk(sources()[source]))
