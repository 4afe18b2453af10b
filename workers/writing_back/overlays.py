"""The ways through a kustomization: where the field was written last, the object's own text, a patch of the overlay."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from workers.editing import spelling
from workers.editing.spelling import Manner
from workers.editing.texts import CannotWrite, manner_of, opened
from workers.pins import images
from workers.render.kustomize.fields import NAMES, is_kustomization
from workers.render.kustomize.layers import Field
from workers.render.kustomize.naming import Named
from workers.render.kustomize.traced import Traced
from workers.writing_back.documents import Place, Standing, block_around, standing_at
from workers.writing_back.steps import patched, path_of, value_at
from workers.writing_back.ways import Asked, Way, own_text, own_ways
from workers.writing_back.words import GONE, Files

_MANIFESTS = (".yaml", ".yml", ".json")
_PINS = ("newTag", "digest", "newName")
_NO_NAME = re.compile(r"[^a-z0-9]+")
MOST_NAMES = 100


def overlay_ways(asked: Asked, folder: str) -> Iterator[Way]:
    """Give the ways through the kustomization of a folder; bases come before it, and whoever asks leaves them out."""
    written = asked.manifest.written
    written = written.written if isinstance(written, Named) else written
    traced = written if isinstance(written, Traced) else Traced(None, ())
    path = path_of(asked.manifest.body, asked.field.steps)
    over = traced.over(asked.manifest, path) if path is not None else None
    if over is not None:
        yield Way(over.file, partial(_where_written, asked, over))
    yield from own_ways(asked)
    for file, place in _patches(traced):
        yield Way(file, partial(_in_patch, asked, file, place))
    kustomization = own_file(asked, folder)
    for namespaced in (True, False):
        yield Way(kustomization, partial(_in_new_patch, asked, kustomization, namespaced=namespaced))


def own_file(asked: Asked, folder: str) -> str:
    """Name a folder's kustomization file."""
    files = (posixpath.join(folder, name) for name in NAMES)
    return next((file for file in files if (asked.root / file).is_file()), posixpath.join(folder, NAMES[0]))


def _where_written(asked: Asked, over: Field) -> Files:
    """Change what a patch, a generator or a kustomization's own field wrote."""
    raw, field = asked.raw(over.file), asked.field
    if not is_kustomization(over.file) and posixpath.splitext(over.file)[1] not in _MANIFESTS:
        return {over.file: _variable(asked, raw, over)}

    def act(found: Standing) -> bytes:
        if field.value is GONE:
            return _without(found)
        if found.data == value_at(asked.manifest.body, field.steps):
            return found.with_data(field.value)
        key = found.path[-1] if found.path else ""
        if key in _PINS and isinstance(field.value, str):
            return found.up(1).with_data(_pinned(found.up(1).data, field.value))
        name = field.steps[-1]
        if isinstance(found.data, str) and isinstance(field.value, str) and found.data.startswith(f"{name}="):
            return found.with_data(f"{name}={field.value}")
        raise CannotWrite(f"{over.file}:{over.value[0]} is not the value itself")

    return {over.file: _acted(raw, over.file, over.value, act)}


def _acted(raw: bytes, file: str, place: Place, act: Callable[[Standing], bytes]) -> bytes:
    """Do something to what stands at a place, which may be in a block of text that is read as a file of its own."""
    found = standing_at(raw, file, place)
    if found is not None:
        return act(found)
    around = block_around(raw, file, place)
    inner = standing_at(str(around[0].data).encode(), file, around[1]) if around else None
    if around is None or inner is None:
        raise CannotWrite(f"nothing that can be changed stands at {file}:{place[0]}")
    return around[0].with_data(act(inner).decode())


def _without(found: Standing) -> bytes:
    holder = found.up(1)
    if not found.path or not isinstance(holder.data, dict) or "op" in holder.data:
        raise CannotWrite(f"{found.file}:{found.line} is a step of a patch, and cannot be taken away by itself")
    return holder.with_data({name: each for name, each in holder.data.items() if name != found.path[-1]})


def _pinned(entry: dict[str, Any], wanted: str) -> dict[str, Any]:
    """Let an entry of `images` name another image."""
    image = images.read(wanted)
    if image is None:
        raise CannotWrite(f"{wanted} is no image")
    made = {name: each for name, each in entry.items() if name not in _PINS}
    said = {"newTag": image.tag, "digest": image.digest}
    if image.place != entry.get("name"):
        said["newName"] = image.place
    kept = [name for name in entry if name not in said or said[name]]
    return {name: said.get(name, entry[name]) for name in kept} | {
        name: word for name, word in said.items() if word and name not in entry and name not in made
    }


def _variable(asked: Asked, raw: bytes, over: Field) -> bytes:
    """Change a line of a file of variables."""
    name, value, line = asked.field.steps[-1], asked.field.value, over.value[0]
    lines = raw.splitlines(keepends=True)
    if not isinstance(value, str) or not value.isprintable() or line > len(lines):
        raise CannotWrite(f"{over.file}:{line} holds one line of text")
    key, equals, _ = lines[line - 1].partition(b"=")
    end = lines[line - 1][len(lines[line - 1].rstrip(b"\r\n")) :]
    if not equals or key.strip().decode("utf-8", "replace") != name:
        raise CannotWrite(f"{over.file}:{line} is not the line of {name}")
    return b"".join([*lines[: line - 1], key + b"=" + value.encode() + end, *lines[line:]])


def _patches(traced: Traced) -> Iterator[tuple[str, Place]]:
    """Find the strategic merge patches over an object, the last one first, by where its name stands in them."""
    for layer in reversed(traced.layers):
        if any(each.path == ("kind",) for each in layer):
            yield from ((each.file, each.value) for each in layer if each.path == ("metadata", "name"))


def _in_patch(asked: Asked, file: str, place: Place) -> Files:
    field, built = asked.field, asked.manifest.body

    def act(found: Standing) -> bytes:
        patch = found.up(2)
        return patch.with_data(patched(patch.data, field.steps, field.value, built))

    return {file: _acted(asked.raw(file), file, place, act)}


def _in_new_patch(asked: Asked, kustomization: str, *, namespaced: bool) -> Files:
    """Write a new patch file beside the kustomization, and let that name it."""
    raw = asked.raw(kustomization)
    text = opened(raw, kustomization)
    documents = text.documents()
    if len(documents) != 1 or not isinstance(documents[0].data, dict):
        raise CannotWrite(f"{kustomization} is no kustomization")
    data = documents[0].data
    head = _head(asked, data, namespaced=namespaced)
    patch = patched(head, asked.field.steps, asked.field.value, asked.manifest.body)
    manner = Manner(dash=manner_of(text, documents).dash)
    file = _unused(asked, posixpath.dirname(kustomization), f"{head['kind']}-{head['metadata']['name']}")
    patches = [*(data.get("patches") or ()), {"path": posixpath.basename(file)}]
    standing = Standing(raw=raw, file=kustomization, number=0, path=(), document=data, line=1)
    lines = "".join(f"{line}\n" for line in spelling.block(patch, manner))
    return {file: lines.encode(), kustomization: standing.with_data({**data, "patches": patches})}


def _head(asked: Asked, kustomization: Mapping[str, Any], *, namespaced: bool) -> dict[str, Any]:
    """Say for which object a patch is, as that is called before this kustomization renames it."""
    manifest, own = asked.manifest, own_text(asked)
    if own is None:
        said = {"name": manifest.ref.name}
        said["name"] = said["name"].removeprefix(str(kustomization.get("namePrefix") or ""))
        said["name"] = said["name"].removesuffix(str(kustomization.get("nameSuffix") or ""))
    else:
        said = own.data["metadata"]
    if not namespaced and not said.get("namespace"):
        raise CannotWrite("no patch in the overlay reaches it")
    space = {"namespace": said["namespace"]} if namespaced and said.get("namespace") else {}
    return {
        "apiVersion": manifest.body["apiVersion"],
        "kind": manifest.ref.kind,
        "metadata": {"name": said["name"], **space},
    }


def _unused(asked: Asked, folder: str, name: str) -> str:
    word = _NO_NAME.sub("-", name.lower()).strip("-")
    for number in range(1, MOST_NAMES):
        file = posixpath.join(folder, f"{word}{f'-{number}' if number > 1 else ''}-patch.yaml")
        if not (asked.root / file).exists():
            return file
    raise CannotWrite(f"{folder or '.'} is full of patches")
