"""The reader of kustomizations: what they lead to, and what of that we refuse before kustomize sees it."""

import atexit
import posixpath
import shutil
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from pushboat.errors import InvalidManifest, RenderFailed
from tests.fuzz.demanding import demand
from tests.fuzz.places import line_and_column
from tests.fuzz.target import Target, words_of
from workers.render.kustomize.judging import Reached, judge
from workers.render.kustomize.references import references

_FOLDER = "deploy/overlay"
_FILE = f"{_FOLDER}/kustomization.yaml"
_AROUND = {
    "deploy/overlay/app.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    "deploy/overlay/patch.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {b: c}\n",
    "deploy/overlay/plugin.yaml": "apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: p}\nprefix: x-\n",
    "deploy/overlay/settings.env": "A=b\n",
    "deploy/base/kustomization.yaml": "resources: [app.yaml]\n",
    "deploy/base/app.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n",
    "elsewhere/app.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
}
References = Callable[[str, bytes], list[str]]


@cache
def _tree() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pushboat-fuzz-"))

    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path, text in _AROUND.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def _check(refer: References, data: bytes) -> None:
    named = refer(_FILE, data)
    demand(named == refer(_FILE, data), "read twice, and not the same")
    for path in named:
        demand(path == "" or posixpath.normpath(path) == path, f"{path!r} has two spellings")
        demand(not path.startswith(("/", "../")) and path != "..", f"{path!r} leads out of the repository")
        demand(path.isprintable(), f"{path!r} is no path")
    (_tree() / _FILE).write_bytes(data)
    reached = _judged()
    if reached is not None:
        demand(_FILE in reached.kustomizations, "it does not lead to itself")
        around = set(named) | set(_AROUND)
        unnamed = [path for path in reached.read if path not in named and not path.startswith("deploy/base/")]
        unnamed = [path for path in unnamed if not _is_read_by_a_plugin(path, reached)]
        demand(not unnamed, f"{unnamed} is read, and no part of the closure ({len(around)})")


def _is_read_by_a_plugin(path: str, reached: Reached) -> bool:
    return "deploy/overlay/plugin.yaml" in reached.read and path != "deploy/overlay/plugin.yaml"


def _judged() -> Reached | None:
    try:
        return judge(_tree(), _FOLDER)
    except (RenderFailed, InvalidManifest) as refused:
        line_and_column(refused.summary, refused.summary.split(":", 1)[0])
        refused.summary.encode()
        return None


def _knows_fields_in_lower_case_only(file: str, content: bytes) -> list[str]:
    found = references(file, content)
    return [
        path for path in found if (b"Resources" not in content and b"RESOURCES" not in content) or "app" not in path
    ]


TARGET = Target(
    check=partial(_check, references),
    bugs={"a-field-in-other-letters": partial(_check, _knows_fields_in_lower_case_only)},
    words=words_of("kustomizations"),
    largest=2000,
    steps=200_000,
    steps_per_byte=4_000,
)
