"""Which images a push would run, and where each is written: everything in pods, whichever kind makes them.

Containers are looked for at any depth, as a pod lies deeper in a CronJob than in a Deployment and custom resources have
pods of their own. What an operator's program in the cluster starts by itself is not seen.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pushboat.config.images import DENY, OFF, ImageRules
from pushboat.model.manifest import Manifest, Path
from pushboat.model.wording import printable
from workers.review.references import NoReference, Reference, reference
from workers.review.words import Finding, Weight

MUTABLE = "mutable-tag"
LONGEST_SHOWN = 120
"""Characters of an image's name in a sentence."""
_DEFINITION = ("apiextensions.k8s.io", "CustomResourceDefinition")
"""Its schemas have the names of containers, and no images."""
_LISTS = frozenset(("containers", "initContainers", "ephemeralContainers", "steps", "sidecars"))
_SINGLE = frozenset(("container", "script", "stepTemplate"))
"""Where Argo Workflows and Tekton have what other kinds keep in `containers`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image as it is written in a manifest; `why` says what keeps it from being a reference."""

    text: str
    reference: Reference | None
    why: str
    manifest: Manifest = field(repr=False)
    path: Path

    @property
    def place(self) -> str:
        """Say where it is written, as `file:line:column`."""
        return self.manifest.place_of(self.path)

    @property
    def shown(self) -> str:
        """Write it as it stands, short enough for a sentence."""
        return printable(self.text, LONGEST_SHOWN) or '""'


def images(manifests: Iterable[Manifest]) -> Iterator[Image]:
    """Find every image that pods of these manifests would run or mount, in the order in which they are written."""
    for manifest in manifests:
        if (manifest.ref.group, manifest.ref.kind) != _DEFINITION:
            for path, text in _written(manifest.body, ()):
                yield _image(manifest, path, text)


def mutable(found: Iterable[Image], rules: ImageRules) -> Iterator[Finding]:
    """Find images whose content may change under the name that is written; where that is to be said at all."""
    if rules.mutable_tags == OFF:
        return
    weight = Weight.ERROR if rules.mutable_tags == DENY else Weight.WARNING
    for image in found:
        if image.reference is None:
            sentence = f"image {image.shown} {image.why}, so nobody can say what would run"
        elif not image.reference.digest:
            sentence = (
                f"image {image.shown} names a tag, which can be moved to other content: "
                f"write {image.reference}@sha256:… with the digest that you mean"
            )
        else:
            continue
        yield Finding(rule=MUTABLE, place=image.place, sentence=sentence, ref=image.manifest.ref, weight=weight)


def _image(manifest: Manifest, path: Path, text: str) -> Image:
    try:
        return Image(text=text, reference=reference(text), why="", manifest=manifest, path=path)
    except NoReference as wrong:
        return Image(text=text, reference=None, why=str(wrong), manifest=manifest, path=path)


def _written(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _written(item, (*path, number))
        return
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        at = (*path, name)
        if name in _LISTS and isinstance(inner, list):
            for number, item in enumerate(inner):
                yield from _of((*at, number), item, "image")
        elif name in _SINGLE:
            yield from _of(at, inner, "image")
        elif name == "volumes" and isinstance(inner, list):
            for number, item in enumerate(inner):
                yield from _of((*at, number, "image"), _get(item, "image"), "reference")
        yield from _written(inner, at)


def _of(path: Path, holder: Any, name: str) -> Iterator[tuple[Path, str]]:
    text = _get(holder, name)
    if isinstance(text, str) and text:
        yield (*path, name), text


def _get(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else None
