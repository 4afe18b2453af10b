"""The minor versions of Kubernetes that are known without asking a cluster: what each serves, and its schemas."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from workers.review.lifecycles import number
from workers.review.schema.compiling import Compiled
from workers.review.words import Kind

PLACE = Path(__file__).with_name("kubernetes")
"""Where they are bundled; `python -m cli.lab.bundling` writes them."""

DEFAULT = "1.36"
"""What is taken where nobody names one: the version of the control plane that Pushboat is tested with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minor:
    """One minor version, as the release `version` of it is with every API turned on.

    `kinds` says of each whether its objects live in namespaces; the version that its group prefers comes first.
    """

    name: str
    version: str
    kinds: Mapping[Kind, bool]
    compiled: Compiled = field(repr=False, compare=False)


def bundled() -> tuple[str, ...]:
    """Name the minor versions that are known here, oldest first."""
    names = (file.name.removesuffix(".json.gz") for file in PLACE.glob("*.json.gz"))
    return tuple(sorted(names, key=number))


@cache
def minor(name: str) -> Minor:
    """Read a bundled minor version; it is kept."""
    data = json.loads(gzip.decompress((PLACE / f"{name}.json.gz").read_bytes()))
    kinds = sorted(data["kinds"], key=lambda each: not each[4])
    return Minor(
        name=name,
        version=data["version"],
        kinds={(group, version, kind): namespaced for group, version, kind, namespaced, _ in kinds},
        compiled=Compiled(data["schemas"]),
    )
