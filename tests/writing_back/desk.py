"""Files of a repository with fields of them that are live otherwise, rendered as a deployment would."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pushboat.model.changeset import Steps
from pushboat.model.comparing import spelled
from pushboat.model.manifest import Manifest, Ref
from tests.rendering.conftest import environment
from workers.render.choosing import engine_of, render
from workers.source.checkout import CheckedOut
from workers.writing_back.story import Outcome, Source, written_back
from workers.writing_back.words import LiveField


@dataclass
class Desk:
    """A commit on disk, an environment's folder in it, and which other environments read which files."""

    root: Path
    files: Mapping[str, str]
    folder: str = "deploy"
    others: Mapping[str, frozenset[str]] | None = None

    def __post_init__(self) -> None:
        for name, text in self.files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_bytes(text.encode())
        self.out = CheckedOut(root=self.root, folder=self.folder, sha="a" * 40, files=tuple(sorted(self.files)))
        self.stored = self.rendered()

    def rendered(self) -> dict[Ref, Manifest]:
        made = render(self.out, environment(self.folder)).manifests
        return {each.ref: each for each in (self._spaced(each) for each in made)}

    def _spaced(self, manifest: Manifest) -> Manifest:
        return replace(manifest, ref=replace(manifest.ref, namespace="shop"))

    def ref(self, kind: str, name: str) -> Ref:
        return next(ref for ref in self.stored if (ref.kind, ref.name) == (kind, name))

    def live(self, kind: str, name: str, *steps: Any, value: Any, behind: tuple[str, ...] = ()) -> LiveField:
        """Say what a field is live."""
        way: Steps = steps
        return LiveField(ref=self.ref(kind, name), path=spelled(way), steps=way, value=value, behind=behind)

    def write(self, *fields: LiveField) -> Outcome:
        """Write them back."""
        kustomized = self.folder if engine_of(self.out, environment(self.folder)) == "kustomize" else None
        readers = self.others or {}
        source = Source(
            root=self.root,
            render=self.rendered,
            readers=lambda file: readers.get(file, frozenset()),
            kustomized=kustomized,
        )
        return written_back(source, self.stored, fields)

    def lines(self, file: str) -> list[str]:
        """List the lines of a file that are not as before, each with its sign."""
        after = (self.root / file).read_text()
        told = difflib.unified_diff(self.files.get(file, "").splitlines(), after.splitlines(), n=0, lineterm="")
        return [line for line in told if not line.startswith(("---", "+++", "@@"))]
