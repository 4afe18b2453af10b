"""A render as it is stored with its release, and back: compressed, places included, Secrets sealed one by one.

What an environment has of the repository's own file is packed too, so that nobody has to be asked for it again.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pushboat.config.environment import Environment, said_by
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.release import RUNS, Render
from pushboat.model.stored_render import FORMAT, items_of
from pushboat.sealing import Key
from workers.cluster.objects import digest, is_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A stored render: its manifests, what the environment had of the repository, and the Secrets of another key."""

    manifests: tuple[Manifest, ...]
    said: Mapping[str, Any]
    locked: tuple[Ref, ...] = ()


def pack(manifests: Sequence[Manifest], environment: Environment, key: Key, hooks: Collection[Ref] = ()) -> Render:
    """Pack what was handed to the plan, and the hooks that ran beside it."""
    said = said_by(environment)
    content = {
        "format": FORMAT,
        "environment": said,
        "manifests": [_packed(each, key) for each in manifests],
    }
    return Render(
        contents={each.ref: f"{RUNS * (each.ref in hooks)}{_digest(each, key)}" for each in manifests},
        packed=zlib.compress(json.dumps(content, separators=(",", ":")).encode()),
        said=named(said),
    )


def named(said: Mapping[str, Any]) -> str:
    """Name what a repository's file said of its environment."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:40]


def unpack(packed: bytes, key: Key) -> Unpacked:
    """Give the manifests of a stored render; a Secret that another key sealed is only named.

    Raises:
        DeploymentFailed: a later version of Pushboat has packed it.
    """
    content = items_of(packed)
    found = [(Ref(*item["ref"]), item, _body(item, key)) for item in content["manifests"]]
    return Unpacked(
        manifests=tuple(
            Manifest(ref=ref, version=item["version"], body=body, file=item["file"], line=item["line"])
            for ref, item, body in found
            if body is not None
        ),
        said=content["environment"],
        locked=tuple(ref for ref, _, body in found if body is None),
    )


def _packed(manifest: Manifest, key: Key) -> dict[str, Any]:
    item = {
        "ref": [manifest.ref.group, manifest.ref.kind, manifest.ref.namespace, manifest.ref.name],
        "version": manifest.version,
        "file": manifest.file,
        "line": manifest.line,
    }
    if not is_secret(manifest.body):
        return {**item, "body": manifest.body}
    sealed = key.seal(json.dumps(manifest.body).encode(), about=str(manifest.ref))
    return {**item, "sealed": base64.b64encode(sealed).decode()}


def _body(item: Mapping[str, Any], key: Key) -> dict[str, Any] | None:
    if "body" in item:
        plain: dict[str, Any] = item["body"]
        return plain
    opened = key.open(base64.b64decode(item["sealed"]), about=str(Ref(*item["ref"])))
    return None if opened is None else dict(json.loads(opened))


def _digest(manifest: Manifest, key: Key) -> str:
    """Name a manifest by its content; a Secret's name must not let anybody try values against it."""
    if not is_secret(manifest.body):
        return digest(manifest.body)
    return key.digest(json.dumps([str(manifest.ref), manifest.body], sort_keys=True).encode())
