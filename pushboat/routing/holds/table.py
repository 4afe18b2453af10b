"""Where all kinds of hold are found: each file of `kinds/` holds one, named as the kind is."""

from collections.abc import Mapping
from pathlib import Path

from pushboat.routing.discovering import rows
from pushboat.routing.holds.kind import HoldKind

KINDS: Mapping[str, HoldKind] = rows(
    Path(__file__).with_name("kinds"), __package__, "HOLD", HoldKind, lambda kind: kind.name
)
"""A hold of a kind that is not here (a newer version put it) binds all the same."""
