"""A manifest is one rendered object; its ref is how people and logs name it: `kind/namespace/name`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Path = tuple[str | int, ...]


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


class Written(Protocol):
    """Knows where the fields of objects were written, and how; asked only where something is wrong with one."""

    def place(self, manifest: "Manifest", path: Path, *, by_name: bool) -> str:
        """Say where a field's value stands, or its name, as `file:line:column`.

        A field that is not written (a missing one, say) is placed at the nearest thing around it that is.
        """

    def word(self, manifest: "Manifest", path: Path) -> str:
        """Give a plain word as it is written, before anything was made of it; empty where there is none."""

    def key(self, manifest: "Manifest", path: Path) -> str:
        """Give a field's name as it is written, where it is a plain word; empty where it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One rendered object with the place it was written at.

    `body` is the object as JSON data; treat it as frozen. `file` is relative to the repository; `line` and `column` are
    1-based. `written` is shared by all objects of a file; a stored release has none.
    """

    ref: Ref
    version: str
    body: Mapping[str, Any]
    file: str
    line: int
    column: int = field(default=1, compare=False)
    written: Written | None = field(default=None, repr=False, compare=False)

    @property
    def api_version(self) -> str:
        """Join group and version as manifests do."""
        return f"{self.ref.group}/{self.version}" if self.ref.group else self.version

    @property
    def place(self) -> str:
        """Say where it stands, for error messages."""
        return f"{self.file}:{self.line}"

    def place_of(self, path: Path, *, by_name: bool = False) -> str:
        """Say where a field stands, or its name, as `file:line:column`; the object's place where nobody knows."""
        return self.written.place(self, path, by_name=by_name) if self.written else self.place

    def word_at(self, path: Path) -> str:
        """Give a plain word as it is written; empty where there is none, or nobody knows."""
        return self.written.word(self, path) if self.written else ""

    def key_at(self, path: Path) -> str:
        """Give a field's name as it is written; empty where it is quoted, or nobody knows."""
        return self.written.key(self, path) if self.written else ""
