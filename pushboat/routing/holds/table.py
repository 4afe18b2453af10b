"""Where all kinds of hold are found: each file of `kinds/` holds one, named as the kind is."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pushboat.routing.holds.kind import HoldKind

_FOLDER = Path(__file__).with_name("kinds")


@cache
def kinds() -> Mapping[str, HoldKind]:
    """Give every kind of hold by its name."""
    found: dict[str, HoldKind] = {}
    for module in sorted(pkgutil.iter_modules([str(_FOLDER)]), key=lambda each: each.name):
        kind = importlib.import_module(f"{__package__}.{_FOLDER.name}.{module.name}").HOLD
        assert isinstance(kind, HoldKind), f"{module.name} has no HOLD"
        assert kind.name == module.name, f"{module.name} is named for another kind than {kind.name}"
        found[kind.name] = kind
    return found


KINDS = kinds()
"""A hold of a kind that is not here (a newer version put it) binds all the same."""
