"""What a kustomization reads: files and folders, each with the word that names it.

All of it goes into the closure of an environment: what decides whether a push touches it, and what is checked out.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yaml.nodes import Node, ScalarNode

from pushboat.errors import InvalidManifest
from workers.render.kustomize.fields import fields_of, scalars
from workers.render.kustomize.remote import has_scheme
from workers.source.paths import fits

FOLDERS = ("resources", "bases", "components", "generators", "transformers", "validators")
"""Fields whose entries may be folders."""
PLUGINS = ("generators", "transformers", "validators")
"""Fields whose entries are configurations of plugins: files, folders, or written inline."""
GENERATORS = ("configmapgenerator", "secretgenerator")
"""Fields whose files are taken as they are, whatever is in them."""
_FILES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys((*FOLDERS, "crds", "configurations", "patchesstrategicmerge"), ((),)),
    **dict.fromkeys(("openapi", "patches", "patchesjson6902", "replacements"), (("path",),)),
    **dict.fromkeys(GENERATORS, (("files",), ("envs",), ("env",))),
    "helmcharts": (("valuesfile",), ("additionalvaluesfiles",)),
}
"""Where a kustomization names what it reads, in lower case, as Go knows the names."""
PLUGIN_FILES = (
    ("path",), ("paths",), ("files",), ("envs",), ("env",), ("replacements", "path"), ("valuesfile",),
    ("additionalvaluesfiles",),
)  # fmt: skip
"""The same in the configuration of a plugin that is built into kustomize."""
DEFAULT_CHART_HOME = "charts"


@dataclass(frozen=True, slots=True)
class Reading:
    """One word that names what is read, and its path in the repository; None for what leads out of it.

    `field` is the kustomization's field in lower case, empty for a plugin's own.
    """

    field: str
    word: str
    node: ScalarNode
    path: str | None

    @property
    def may_be_text(self) -> bool:
        """Say whether what stands there may be the thing itself instead of a place: kustomize tries both."""
        return self.field in ("patchesstrategicmerge", "", *PLUGINS) and any(sign in self.word for sign in "\n{:")


def references(file: str, content: bytes) -> list[str]:
    """List what a kustomization reads, relative to the repository.

    Unreadable files refer to nothing here: their error is told when they are rendered.
    """
    try:
        fields = fields_of(content, file)
    except InvalidManifest:
        return []
    folder = posixpath.dirname(file)
    found = [each.path for each in readings(folder, fields) if each.path is not None and not has_scheme(each.word)]
    return [*dict.fromkeys([*found, *charts(folder, fields)])]


def readings(folder: str, fields: Mapping[str, Node]) -> Iterator[Reading]:
    """Give what the kustomization of a folder names to be read, in the order of its fields."""
    for field, node in fields.items():
        for names in _FILES.get(field, ()):
            for word in scalars(node, names):
                yield _reading(folder, field, word, with_key=names == ("files",))


def plugin_readings(folder: str, node: Node) -> Iterator[Reading]:
    """Give what a plugin's configuration names to be read; it is the kustomization's folder that it is relative to."""
    for names in PLUGIN_FILES:
        for word in scalars(node, names):
            yield _reading(folder, "", word, with_key=names == ("files",))


def charts(folder: str, fields: Mapping[str, Node]) -> list[str]:
    """List the folders of charts that a kustomization inflates from the repository."""
    homes = [word.value for word in scalars(fields.get("helmglobals"), ("charthome",))] or [DEFAULT_CHART_HOME]
    names = [word.value for word in scalars(fields.get("helmcharts"), ("name",))]
    found = [inside(folder, posixpath.join(home, name)) for home in homes for name in names]
    return [path for path in found if path is not None]


def inside(folder: str, word: str) -> str | None:
    """Give the path that a word names as seen from a folder, or None for what is not inside the repository."""
    if not word or not word.isprintable() or word.startswith("/"):
        return None
    path = posixpath.normpath(posixpath.join(folder, word))
    if path == ".." or path.startswith("../") or not fits(path):
        return None
    return "" if path == "." else path


def _reading(folder: str, field: str, node: ScalarNode, *, with_key: bool) -> Reading:
    word = str(node.value)
    place = word.partition("=")[2] if with_key and "=" in word else word
    return Reading(field, place, node, inside(folder, place))
