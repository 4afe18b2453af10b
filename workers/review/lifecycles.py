"""When each API of Kubernetes itself came, was deprecated and went, and what takes its place.

The table is Kubernetes' own, taken out of its modules; `python -m cli.lab.bundling` writes it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workers.review.words import Kind

_TABLE = Path(__file__).with_name("kubernetes") / "lifecycles.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """Minor versions such as "1.25", each "" where there is none; `replacement` is `[group/]version/Kind`."""

    introduced: str = ""
    deprecated: str = ""
    removed: str = ""
    replacement: str = ""


def lifecycle_of(kind: Kind) -> Lifecycle:
    """Say what became, or becomes, of one kind in one version; nothing of what is not Kubernetes' own."""
    return _table().get(kind, Lifecycle())


def number(name: str) -> tuple[int, ...]:
    """Read the numbers of a version such as 1.36, to compare them."""
    return tuple(int(part) for part in name.split("."))


@cache
def _table() -> Mapping[Kind, Lifecycle]:
    rows = json.loads(_TABLE.read_text())
    return {(row.pop("group"), row.pop("version"), row.pop("kind")): Lifecycle(**row) for row in rows}
