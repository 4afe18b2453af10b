"""What came from elsewhere by the name that people know it by, wherever its place in our checkout would be shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from pushboat.errors import DeploymentFailed, InvalidManifest, RenderFailed
from pushboat.model.manifest import Manifest, Path, Written

ABSENT = " is not in this commit"
"""How it is said of a file that it is missing, so that whoever knows why can say that instead."""


@dataclass(frozen=True, slots=True)
class Names:
    """The places that were made in a checkout, each with how people call what lies there.

    `left_out` are files of theirs that are not there, each with why.
    """

    places: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def of(self, text: str) -> str:
        """Put names in the place of places."""
        for at, name in sorted(self.places.items(), key=lambda each: -len(each[0])):
            text = text.replace(f"{at}/", f"{name}//").replace(at, name)
        return text

    def manifest(self, made: Manifest) -> Manifest:
        """Let an object, and each of its fields, say where it comes from."""
        if not self.places:
            return made
        return replace(made, file=self.of(made.file), written=Named(made.written, self) if made.written else None)

    @contextmanager
    def in_errors(self) -> Iterator[None]:
        """Let errors say it."""
        try:
            yield
        except (RenderFailed, InvalidManifest) as error:
            if not self.places:
                raise
            kind: type[DeploymentFailed] = InvalidManifest if isinstance(error, InvalidManifest) else RenderFailed
            raise kind(self.of(self._why(error.summary)), self.of(error.details)) from error

    def _why(self, summary: str) -> str:
        """Say why a file is not there where it is, in truth, in their commit."""
        place, absent, _ = summary.partition(ABSENT)
        where, _, missing = place.rpartition(": ")
        found = next((why for path, why in self.left_out.items() if path.endswith(missing)), "") if absent else ""
        return f"{where}: {found}" if found else summary


@dataclass(frozen=True, slots=True)
class Named:
    """Where an object's fields were written, with names for places."""

    written: Written
    names: Names

    def place(self, manifest: Manifest, path: Path, *, by_name: bool) -> str:
        """Say where a field stands, as `file:line:column`."""
        return self.names.of(self.written.place(manifest, path, by_name=by_name))

    def word(self, manifest: Manifest, path: Path) -> str:
        """Give a plain word as it is written."""
        return self.written.word(manifest, path)

    def key(self, manifest: Manifest, path: Path) -> str:
        """Give a field's name as it is written."""
        return self.written.key(manifest, path)
