"""A render as it is published: a commit of one file for each object, and an index that says what belongs to it.

Secrets are named and left out. The index is signed by the installation and has a digest of each file, so that what
somebody else wrote into the ref is never taken for ours.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import yaml

from pushboat.model.deployment import Lane, short
from pushboat.model.manifest import Ref

FORMAT = 1
ROOT = "refs/pushboat/renders"
INDEX, SIGNATURE = "render.json", "render.json.signature"
TRAILER = "Pushboat-Deployment: "
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
_LEFT_OUT = base64.b64encode(b"left out of what is published").decode()
"""Stands for a Secret in a render that came back: no key opens it, so it is named, and left as it is."""
Files = Mapping[str, bytes]


class NotOurs(Exception):
    """What stands there was not written by this installation, or was changed since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A render and what it was of: `content` as a release stores it, with sealed Secrets or without them; `at` is when
    its deployment ended, in seconds since the epoch."""

    lane: Lane
    sha: str
    ref: str
    deployment: int
    at: float
    content: Mapping[str, Any]

    @property
    def left_out(self) -> list[Ref]:
        """Name its Secrets."""
        return [Ref(*item["ref"]) for item in self.content["manifests"] if "body" not in item]


def ref_of(lane: Lane) -> str:
    """Name the ref of an environment: no branch, so that nothing builds it and no environment follows it."""
    return "/".join([ROOT, *(_part(part) for part in (*lane.repository.split("/"), lane.environment))])


def message_of(published: Published, url: str) -> str:
    """Write the commit's message: which commit of what, by which deployment, and what is not in it."""
    lane, left_out = published.lane, published.left_out
    lines = [
        f"{lane.environment}: {short(published.sha)} of {lane.repository}",
        "",
        f"{published.sha} ({published.ref or 'no ref'}), deployed by {url}",
        *(["", "Left out, since they are Secrets:", *(f"- {ref}" for ref in left_out)] if left_out else []),
        "",
        f"{TRAILER}{published.deployment}",
    ]
    return "\n".join(lines) + "\n"


def deployment_in(message: str) -> int:
    """Read which deployment a commit is of; 0 where it does not say."""
    last = message.rstrip().rpartition("\n")[2]
    number = last.removeprefix(TRAILER)
    return int(number) if last.startswith(TRAILER) and number.isascii() and number.isdigit() else 0


def files_of(published: Published, sign: Callable[[bytes], bytes]) -> Files:
    """Write all of the files."""
    files: dict[str, bytes] = {}
    objects = []
    for item in published.content["manifests"]:
        said = {name: item[name] for name in ("ref", "version", "file", "line")}
        if "body" in item:
            path = _path(Ref(*item["ref"]), files)
            files[path] = _written(item["body"])
            said |= {"at": path, "sha256": hashlib.sha256(files[path]).hexdigest()}
        objects.append(said)
    index = {
        "format": FORMAT,
        "repository": published.lane.repository,
        "environment": published.lane.environment,
        "sha": published.sha,
        "ref": published.ref,
        "deployment": published.deployment,
        "at": published.at,
        "stored": {name: value for name, value in published.content.items() if name != "manifests"},
        "objects": objects,
    }
    written = json.dumps(index, indent=1, sort_keys=True).encode() + b"\n"
    return {**files, INDEX: written, SIGNATURE: base64.b64encode(sign(written)) + b"\n"}


def read(files: Files, is_ours: Callable[[bytes, bytes], bool], lane: Lane) -> Published:
    """Read what was written for an environment; nothing of it is parsed before it is known to be ours.

    Raises:
        NotOurs: it is not, or belongs to another environment.
    """
    written, signature = files.get(INDEX), files.get(SIGNATURE)
    if written is None or signature is None or not is_ours(written, _decoded(signature)):
        raise NotOurs("another encryption_key signed it, or nobody")
    index = json.loads(written)
    if index["format"] > FORMAT:
        raise NotOurs("a later version of Pushboat wrote it")
    if Lane(repository=index["repository"], environment=index["environment"]) != lane:
        raise NotOurs(f"it is of {index['environment']} of {index['repository']}")
    manifests = [_item(said, files) for said in index["objects"]]
    return Published(
        lane=lane,
        sha=index["sha"],
        ref=index["ref"],
        deployment=index["deployment"],
        at=index["at"],
        content={**index["stored"], "manifests": manifests},
    )


def place_of(files: Files, is_ours: Callable[[bytes, bytes], bool], lane: Lane) -> tuple[int, float]:
    """Say of which deployment a commit of ours is, and when that ended, also where a later version wrote it; (0, 0.0)
    where it is not ours, whatever it says."""
    written, signature = files.get(INDEX), files.get(SIGNATURE)
    if written is None or signature is None or not is_ours(written, _decoded(signature)):
        return 0, 0.0
    index = json.loads(written)
    if (index.get("repository"), index.get("environment")) != (lane.repository, lane.environment):
        return 0, 0.0
    return int(index.get("deployment", 0)), float(index.get("at", 0.0))


def _written(body: Any) -> bytes:
    """Write a body so that it is read again just as it is: YAML's emitter takes some letters for line ends."""
    same = json.dumps(body, sort_keys=True)
    for unicode in (True, False):
        text = yaml.dump(body, Dumper=yaml.CSafeDumper, allow_unicode=unicode, sort_keys=True).encode()
        with suppress(yaml.YAMLError):
            if json.dumps(_loaded(text), sort_keys=True, default=str) == same:
                return text
    return same.encode()


def _loaded(content: bytes) -> Any:
    return yaml.load(content, Loader=yaml.CSafeLoader)


def _item(said: Mapping[str, Any], files: Files) -> dict[str, Any]:
    item = {name: said[name] for name in ("ref", "version", "file", "line")}
    if "at" not in said:
        return {**item, "sealed": _LEFT_OUT}
    content = files.get(said["at"], b"")
    if hashlib.sha256(content).hexdigest() != said["sha256"]:
        raise NotOurs(f"{said['at']} is not as it was written")
    return {**item, "body": _loaded(content)}


def _path(ref: Ref, taken: Files) -> str:
    parts: Sequence[str] = (f"{ref.kind}.{ref.group}" if ref.group else ref.kind, ref.namespace, f"{ref.name}.yaml")
    path = "/".join(_part(part) for part in parts if part)
    return path if path not in taken else f"{len(taken)}/{path}"


def _part(text: str) -> str:
    """Write a name as a part of a path and of a ref: what git or a file system reads otherwise is written by number."""
    safe = "".join(
        letter if letter in _PLAIN else "".join(f"%{byte:02x}" for byte in letter.encode()) for letter in text
    )
    safe = safe.replace("..", "%2e%2e")
    if safe.startswith((".", "-")):
        safe = f"%{ord(safe[0]):02x}{safe[1:]}"
    return f"{safe[:-5]}%2elock" if safe.endswith(".lock") else f"{safe[:-1]}%2e" if safe.endswith(".") else safe


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except ValueError:
        return b""
