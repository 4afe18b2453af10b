"""Tables whose rows are files: each file of a folder holds one, whole, and is named as that one is."""

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Row = TypeVar("Row")


def rows(folder: Path, package: str, constant: str, sort: type[Row], name: Callable[[Row], str]) -> dict[str, Row]:
    """Load what each file of a folder of a package holds as a constant, by the names of the files, in their order."""
    found: dict[str, Row] = {}
    for module in sorted(pkgutil.iter_modules([str(folder)]), key=lambda each: each.name):
        row = getattr(importlib.import_module(f"{package}.{folder.name}.{module.name}"), constant)
        assert isinstance(row, sort), f"{module.name} has no {constant}"
        assert name(row) == module.name, f"{module.name} is named for {name(row)}"
        found[module.name] = row
    return found
