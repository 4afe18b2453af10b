"""Where the fields of an object that kustomize built were written: in its file, or in what was written over it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pushboat.model.manifest import Manifest, Path
from workers.manifests.places import Places, Step
from workers.render.kustomize.layers import Field, Layer


@dataclass(frozen=True, slots=True)
class Traced:
    """An object's own text, where it has one, and the layers over it, the last one last."""

    own: Places | None
    layers: tuple[Layer, ...]

    def place(self, manifest: Manifest, path: Path, *, by_name: bool) -> str:
        """Say where a field stands, as `file:line:column`; what was written last counts."""
        start = (manifest.line, manifest.column)
        for depth in range(len(path), -1, -1):
            part, whole = path[:depth], by_name and depth == len(path)
            over = self.over(manifest, part)
            spot = self.own.spot(start, _called(manifest.body, part), by_name=whole) if self.own else None
            exact = spot is not None and spot.exact
            if over is not None and (over.leaf or not exact):
                line, column = over.name if whole else over.value
                return f"{over.file}:{line}:{column}"
            if exact:
                return str(spot)
        return f"{manifest.file}:{manifest.line}:{manifest.column}"

    def word(self, manifest: Manifest, path: Path) -> str:
        """Give a plain word as it is written, before anything was made of it; empty where there is none."""
        over = self.over(manifest, path)
        if over is not None and over.leaf:
            return over.word or ""
        return self.own.word_at((manifest.line, manifest.column), _called(manifest.body, path)) if self.own else ""

    def key(self, manifest: Manifest, path: Path) -> str:
        """Give a field's name as it is written; of what a layer wrote nobody knows it."""
        if self.own is None or self.over(manifest, path) is not None:
            return ""
        return self.own.word_at((manifest.line, manifest.column), _called(manifest.body, path), by_name=True)

    def over(self, manifest: Manifest, path: Path) -> Field | None:
        """Find what was last written over an object at a path, if that is what stands there now."""
        values: list[Any] = [*_values(manifest.body, path)]
        values += [None] * (len(path) - len(values))
        now = values[-1] if values else manifest.body
        found = (
            each
            for layer in reversed(self.layers)
            for each in layer
            if len(each.path) == len(path) and all(map(_fits, each.path, path, values)) and _stands(each, now)
        )
        return next(found, None)


def _stands(written: Field, now: Any) -> bool:
    """Say whether what was written can be what stands there now; something later may have changed it."""
    return written.word is None or not written.leaf or not isinstance(now, str) or now == written.word


def _fits(step: Step, wanted: str | int, value: Any) -> bool:
    if isinstance(step, tuple):
        return isinstance(wanted, int) and isinstance(value, Mapping) and str(value.get(step[0])) == step[1]
    return step == wanted or step == str(wanted) or (step == "-" and isinstance(wanted, int))


def _called(body: Mapping[str, Any], path: Path) -> tuple[Step, ...]:
    """Call items by their names where they have some: another order may have been made of them since."""
    values = [*_values(body, path)]
    named = (value.get("name") if isinstance(value, Mapping) else None for value in values)
    known = tuple(
        ("name", name) if isinstance(step, int) and isinstance(name, str) else step
        for step, name in zip(path, named, strict=False)
    )
    return (*known, *path[len(known) :])


def _values(value: Any, path: Path) -> Iterator[Any]:
    """Give the values on the way to a field, as far as they go."""
    for step in path:
        at = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not at and not (isinstance(value, Mapping) and step in value):
            return
        value = value[step]
        yield value
