"""From the objects that kustomize built back to the files they came from, and to what was written over them on the way.

The kustomizations are walked once more, by what they name; nothing is built a second time, and nothing is added to what
is built. Where it cannot be told (a plugin made the object, say), the object stands at the kustomization.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import DeploymentFailed
from pushboat.model.manifest import Manifest, Ref
from workers.manifests.decoding import decode
from workers.manifests.json_nodes import json_nodes
from workers.manifests.places import Allowance, Places
from workers.manifests.words import column_of, line_of
from workers.manifests.yaml_composing import compose
from workers.manifests.yaml_loading import load
from workers.render.kustomize import layers
from workers.render.kustomize.fields import NAMES, fields_of, scalars
from workers.render.kustomize.identities import Identity, identities
from workers.render.kustomize.layers import Layer
from workers.render.kustomize.references import inside
from workers.render.kustomize.targets import Target, target_of
from workers.render.kustomize.traced import Traced

MOST_LAYERED = 200_000
"""Objects that patches are held against, all together."""
_NEVER_RENAMED = ("CustomResourceDefinition", "APIService", "Namespace")
_HASH = re.compile(r"-[a-z0-9]{10}$")
_HASH_LENGTH = 11
MOST_GUESSED = 200
"""Objects of one kind among which one is looked for by a part of its name."""
_GENERATORS = (("configmapgenerator", "ConfigMap"), ("secretgenerator", "Secret"))


@dataclass(slots=True)
class Candidate:
    """An object on its way through the kustomizations: what it was called, and what it should be called now."""

    identity: Identity
    name: str
    file: str
    places: Places | None
    namespace: str
    generated: bool = False
    layers: list[Layer] = field(default_factory=list)
    images: list[tuple[str, Node]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class _TooMuch(Exception):
    """The patches are held against more objects than is worth following."""


def trace(root: Path, folder: str, built: Iterable[Manifest]) -> list[Manifest]:
    """Give each built object its file, its line and what was written over it."""
    shown, known = _own_file(root, folder), list[Candidate]()
    with suppress(_TooMuch):
        known = _Walk(root).of(folder, [])
    find = _Index(known).find
    return [_placed(manifest, find(manifest.ref), shown) for manifest in built]


def _own_file(root: Path, folder: str) -> str:
    files = (posixpath.join(folder, name) for name in NAMES)
    return next((file for file in files if (root / file).is_file()), folder or ".")


def _placed(manifest: Manifest, found: Candidate | None, shown: str) -> Manifest:
    if found is None:
        return replace(manifest, file=shown, line=1, column=1, written=None)
    over = [layer for layer in found.layers if layer]
    over += [made for file, node in found.images if (made := layers.images(file, node, manifest.body))]
    at = found.identity
    traced = Traced(found.places, tuple(over))
    return replace(manifest, file=found.file, line=at.line, column=at.column, written=traced)


class _Index:
    """The objects that were walked through, by what they should be called in the end."""

    def __init__(self, known: Iterable[Candidate]) -> None:
        self._by_name: dict[tuple[str, str, str], list[Candidate]] = {}
        self._by_kind: dict[tuple[str, str], list[Candidate]] = {}
        for each in known:
            kind = (each.identity.group, each.identity.kind)
            self._by_name.setdefault((*kind, each.name), []).append(each)
            self._by_kind.setdefault(kind, []).append(each)

    def find(self, ref: Ref) -> Candidate | None:
        """Find the one that an object was: by the name that it should have, else by one that its name was made of."""
        kind = (ref.group, ref.kind)
        named = self._by_name.get((*kind, ref.name), [])
        hashed = self._by_name.get((*kind, ref.name[:-_HASH_LENGTH]), []) if _HASH.search(ref.name) else []
        others = self._by_kind.get(kind, [])
        for found in (
            named,
            [each for each in hashed if each.generated],
            [each for each in others if each.identity.name in ref.name] if len(others) <= MOST_GUESSED else [],
        ):
            for fits in (("", ref.namespace), (ref.namespace,)):
                found = [each for each in found if each.namespace in fits] if len(found) > 1 else found
            if len(found) == 1:
                return found[0]
        return None


class _Walk:
    """One walk through kustomizations, with every file read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._texts: dict[str, str] = {}
        self._identities: dict[str, list[Identity]] = {}
        self._places: dict[str, Places] = {}
        self._allowance = Allowance()
        self._layered = 0

    def of(self, folder: str, above: list[Candidate]) -> list[Candidate]:
        """Give the objects of a folder's kustomization; a component's are those that come in, and its own."""
        file = _own_file(self._root, folder)
        fields: Mapping[str, Node] = {}
        with suppress(DeploymentFailed):
            fields = fields_of(self._text(file).encode(), file)
        known = above
        for word in (*scalars(fields.get("resources"), ()), *scalars(fields.get("bases"), ())):
            known = [*known, *self._resource(inside(folder, str(word.value)))]
        for name, kind in _GENERATORS:
            known = self._generate(folder, file, kind, fields.get(name), known)
        for word in scalars(fields.get("components"), ()):
            if (path := inside(folder, str(word.value))) is not None:
                known = self.of(path, known)
        self._write_over(folder, file, fields, known)
        return known

    def _text(self, path: str) -> str:
        if path not in self._texts:
            self._texts[path] = ""
            with suppress(DeploymentFailed, OSError):
                self._texts[path] = decode((self._root / path).read_bytes(), path)
        return self._texts[path]

    def _resource(self, path: str | None) -> list[Candidate]:
        if path is None:
            return []
        if (self._root / path).is_dir():
            return self.of(path, [])
        text = self._text(path)
        if path not in self._identities:
            self._identities[path] = identities(text, path)
            is_json = text.lstrip().startswith("{")
            read = partial(json_nodes, text) if is_json else partial(compose, text, path)
            self._places[path] = Places(path, text, read, self._allowance)
        return [
            Candidate(each, each.name, path, self._places[path], each.namespace, names={each.name})
            for each in self._identities[path]
        ]

    def _generate(
        self, folder: str, file: str, kind: str, node: Node | None, known: list[Candidate]
    ) -> list[Candidate]:
        for entry in node.value if isinstance(node, SequenceNode) else ():
            said = {
                name: next((str(word.value) for word in scalars(entry, (name,))), "")
                for name in ("name", "namespace", "behavior")
            }
            named = [inside(folder, str(word.value)) for at in ("envs", "env") for word in scalars(entry, (at,))]
            contents = {path: self._text(path) for path in named if path is not None}
            layer = layers.generated(file, entry, contents, folder)
            former = [each for each in known if each.identity.kind == kind and said["name"] in each.names]
            if said["behavior"] in ("merge", "replace") and former:
                former[-1].layers.append(layer)
                continue
            identity = Identity("", kind, said["namespace"], said["name"], line_of(entry), column_of(entry))
            made = Candidate(
                identity, said["name"], file, None, said["namespace"], generated=True, names={said["name"]}
            )
            made.layers.append(layer)
            known = [*known, made]
        return known

    def _write_over(self, folder: str, file: str, fields: Mapping[str, Node], known: list[Candidate]) -> None:
        patches = [*self._patches(folder, file, fields)]
        self._layered += len(patches) * len(known)
        if self._layered > MOST_LAYERED:
            raise _TooMuch
        own = layers.own_fields(file, fields)
        for each in known:
            each.layers += [layer for target, layer in patches if target.fits(each.identity, each.names)]
            each.layers.append(own)
            self._rename(each, file, fields)
            if isinstance(namespace := fields.get("namespace"), ScalarNode):
                each.namespace = str(namespace.value)
            for entry in _mappings(fields.get("replicas")):
                if {str(word.value) for word in scalars(entry, ("name",))} & each.names:
                    each.layers.append(layers.counted(file, entry))
            if (node := fields.get("images")) is not None:
                each.images.append((file, node))

    def _rename(self, each: Candidate, file: str, fields: Mapping[str, Node]) -> None:
        if each.identity.kind in _NEVER_RENAMED:
            return
        for name in ("nameprefix", "namesuffix"):
            node = fields.get(name)
            if isinstance(node, ScalarNode) and node.value:
                word = str(node.value)
                each.name = f"{word}{each.name}" if name == "nameprefix" else f"{each.name}{word}"
                each.layers.append(layers.renamed(file, node))
        each.names.add(each.name)

    def _patches(self, folder: str, file: str, fields: Mapping[str, Node]) -> Iterator[tuple[Target, Layer]]:
        """Give each patch of a kustomization with what it is for, in the order in which they are applied."""
        for word in scalars(fields.get("patchesstrategicmerge"), ()):
            yield from self._patch(folder, file, None, word)
        for name in ("patches", "patchesjson6902"):
            for entry in _mappings(fields.get(name)):
                for word in (*scalars(entry, ("path",)), *scalars(entry, ("patch",))):
                    yield from self._patch(folder, file, entry, word)

    def _patch(
        self, folder: str, file: str, entry: MappingNode | None, word: ScalarNode
    ) -> Iterator[tuple[Target, Layer]]:
        path = inside(folder, str(word.value))
        if path is not None and (self._root / path).is_file():
            text, placing = self._text(path), layers.Placing(path)
        else:
            text, placing = str(word.value), layers.inline(file, self._text(file), word)
        with suppress(DeploymentFailed):
            for document in load(text, file):
                steps = isinstance(document.node, SequenceNode)
                layer = (layers.stepwise if steps else layers.merged)(document.node, placing)
                yield target_of(entry, None if steps else document.node), layer


def _mappings(node: Node | None) -> list[MappingNode]:
    return [item for item in node.value if isinstance(item, MappingNode)] if isinstance(node, SequenceNode) else []
