"""Which files name others that a render reads too, one row per renderer."""

from collections.abc import Callable
from dataclasses import dataclass

from workers.render.kustomize.references import is_kustomization, references


@dataclass(frozen=True, slots=True)
class Referring:
    """The rows together: a file may refer by none, one or several of them."""

    rows: tuple[tuple[Callable[[str], bool], Callable[[str, bytes], list[str]]], ...]

    def reads(self, path: str) -> bool:
        """Say whether a file of this path may name others."""
        return any(may_refer(path) for may_refer, _ in self.rows)

    def of(self, path: str, content: bytes) -> list[str]:
        """List the paths in the repository that it names."""
        return [place for may_refer, listed in self.rows if may_refer(path) for place in listed(path, content)]


REFERENCES = Referring(((is_kustomization, references),))
