"""What a kustomization reads: files and folders, each with the word that names it.

All of it goes into the closure of an environment: what decides whether a push touches it, and what is checked out.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from yaml.nodes import Node, ScalarNode, SequenceNode

from pushboat.config.locked import LOCK_NAME
from pushboat.errors import InvalidManifest
from workers.render.kustomize.fields import fields_of, scalars
from workers.render.kustomize.remote import has_scheme, looks_remote
from workers.render.kustomize.repository_charts import chart_of
from workers.source.paths import fits

FOLDERS = ("resources", "bases", "components", "generators", "transformers", "validators")
"""Fields whose entries may be folders."""
ELSEWHERE = ("resources", "bases", "components")
"""Fields whose entries may come from outside of the repository."""
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
MOST_READINGS = 10_000
"""Places that one kustomization names; its aliases may name more of them than it has letters."""


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
    read = islice(readings(folder, fields), MOST_READINGS)  # whoever names more is refused when it is rendered
    found = [each.path for each in read if each.path is not None and not has_scheme(each.word)]
    locked = [LOCK_NAME] if _asks_elsewhere(fields) else []
    return [*dict.fromkeys([*found, *charts(folder, fields), *locked])]


def _asks_elsewhere(fields: Mapping[str, Node]) -> bool:
    """Say whether something may come from outside of the repository, as its lock file has it."""
    words = (word for name in ELSEWHERE for word in scalars(fields.get(name), ()))
    repositories = scalars(fields.get("helmcharts"), ("repo",))
    return any(word.value for word in repositories) or any(looks_remote(str(word.value)) for word in words)


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
    homes = (str(word.value) for word in scalars(fields.get("helmglobals"), ("charthome",)))
    home = next(homes, DEFAULT_CHART_HOME)
    found = [inside(folder, posixpath.join(home, place)) for place in islice(_places(fields), MOST_READINGS)]
    return [path for path in found if path is not None]


def _places(fields: Mapping[str, Node]) -> Iterator[str]:
    """Give where charts are looked for below their folder; what was pulled once may be committed there."""
    node = fields.get("helmcharts")
    for entry in node.value if isinstance(node, SequenceNode) else [node]:
        if pulled := chart_of(entry):
            yield pulled.place
        else:
            yield from (str(name.value) for name in scalars(entry, ("name",)))


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
