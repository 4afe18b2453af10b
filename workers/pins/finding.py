"""Where a file pins images: the containers of its objects, and the `images` of a kustomization.

A container is known by its object's kind and name and by its own name, in whichever file it stands: environments name
their files as they like. A kustomization's image is known by the folder it stands in, from the environment's own on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from workers.manifests.yaml_loading import load
from workers.pins import images
from workers.pins.images import Image
from workers.render.kustomize.fields import is_kustomization

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
TAG, DIGEST = "newTag", "digest"
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A scalar of a file, by its way through the file's documents; of a kustomization's entry its key as well."""

    path: Path
    node: ScalarNode
    key: ScalarNode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A pin: what it belongs to, which image it names, and what says so, by `image`, `newTag` or `digest`."""

    what: str
    file: str
    image: Image
    spots: dict[str, Spot]

    @property
    def line(self) -> int:
        """Say where it stands, 1-based."""
        return min(spot.node.start_mark.line for spot in self.spots.values()) + 1


def pins(text: str, file: str, folder: str) -> Iterator[Pin]:
    """Find the pins of a file of an environment's folder.

    Raises:
        InvalidManifest: it cannot be read.
    """
    for number, document in enumerate(load(text, file)):
        node = document.node
        if is_kustomization(file):
            yield from _of_kustomization(node, (number,), file, folder)
        else:
            yield from _of_object(node, (number,), file)


def _of_object(node: Node, path: Path, file: str) -> Iterator[Pin]:
    kind, name = _text(_at(node, "kind")), _text(_at(_at(node, "metadata"), "name"))
    items = _at(node, "items")
    if kind.endswith("List") and isinstance(items, SequenceNode):
        for number, item in enumerate(items.value):
            yield from _of_object(item, (*path, "items", number), file)
    elif kind and name:
        yield from _of_containers(node, path, f"{kind}/{name}", file)


def _of_containers(node: Node, path: Path, owner: str, file: str) -> Iterator[Pin]:
    """Look for containers at any depth: a CronJob's pod lies deeper than a Deployment's."""
    if isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            yield from _of_containers(item, (*path, number), owner, file)
        return
    for key, value in node.value if isinstance(node, MappingNode) else ():
        name = _text(key)
        if name in CONTAINERS and isinstance(value, SequenceNode):
            for number, item in enumerate(value.value):
                yield from _container(item, (*path, name, number), f"{owner} {name}", file)
        else:
            yield from _of_containers(value, (*path, name), owner, file)


def _container(node: Node, path: Path, owner: str, file: str) -> Iterator[Pin]:
    name, at = _text(_at(node, "name")), _at(node, "image")
    image = images.read(_text(at))
    if name and image and isinstance(at, ScalarNode):
        what = f"{owner.replace(f' {CONTAINERS[0]}', '')} {name}"
        yield Pin(what=what, file=file, image=image, spots={"image": Spot((*path, "image"), at)})


def _of_kustomization(node: Node, path: Path, file: str, folder: str) -> Iterator[Pin]:
    entries = _at(node, "images")
    inside = str(PurePosixPath(file).parent.relative_to(folder or "."))
    where = "images" if inside == "." else f"{inside} images"
    for number, entry in enumerate(entries.value if isinstance(entries, SequenceNode) else ()):
        name, place = _text(_at(entry, "name")), _text(_at(entry, "newName"))
        spots = {
            word: Spot((*path, "images", number, word), value, key)
            for key, value in (entry.value if isinstance(entry, MappingNode) else ())
            if (word := _text(key)) in (TAG, DIGEST) and isinstance(value, ScalarNode)
        }
        tag, digest = (_text(spots[word].node) if word in spots else "" for word in (TAG, DIGEST))
        image = images.made(place or name, tag, digest)
        if name and image and spots:
            yield Pin(what=f"{where} {name}", file=file, image=image, spots=spots)


def _at(node: Node | None, name: str) -> Node | None:
    entries = node.value if isinstance(node, MappingNode) else ()
    return next((value for key, value in entries if _text(key) == name), None)


def _text(node: Node | None) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else ""
