"""A manifest is one rendered object; its ref is how people and logs name it: `kind/namespace/name`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Which object: its API group, kind, namespace (empty for cluster-scoped kinds) and name."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        """Print as `kind/namespace/name`, or `kind/name` outside namespaces."""
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)


Step = str | int | tuple[str, str]
"""One step to a field: a key, an item's number, or the item in which a field has a value (`("name", "app")`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A field that something else than an object's own text writes, such as a patch, with the places of name and value.

    Lines and columns are 1-based. `word` is a plain value as it is written, None for what is made of it; `leaf` tells
    that nothing is below it.
    """

    path: tuple[Step, ...]
    file: str
    name: tuple[int, int]
    value: tuple[int, int]
    word: str | None
    leaf: bool


Layer = tuple[Written, ...]
"""What one patch, generator or kustomization writes over an object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One rendered object with the place it was written at.

    `body` is the object as JSON data; treat it as frozen. `file` is relative to the repository; `line` is 1-based.
    `text` is the whole file, shared by all of its objects, where a field's place can be looked up in it; `layers` is
    what was written over that on the way, the last one last.
    """

    ref: Ref
    version: str
    body: Mapping[str, Any]
    file: str
    line: int
    text: str = field(default="", repr=False, compare=False)
    layers: tuple[Layer, ...] = field(default=(), repr=False, compare=False)

    @property
    def api_version(self) -> str:
        """Join group and version as manifests do."""
        return f"{self.ref.group}/{self.version}" if self.ref.group else self.version

    @property
    def place(self) -> str:
        """Say where it stands, for error messages."""
        return f"{self.file}:{self.line}"
