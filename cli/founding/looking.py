"""Find the folders of a work tree that are environments: kustomizations that nobody builds upon, charts, manifests."""

import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from pushboat.model.command_words import RESERVED_WORDS

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
CHART = "Chart.yaml"
VALUES = re.compile(r"values[-._](?P<environment>[a-z0-9][a-z0-9-]*)\.ya?ml")
"""A values file whose name tells which environment it is for."""
MANIFESTS = (".yaml", ".yml", ".json")
PASSED_BY = {"node_modules", "vendor", "testdata", "tests", "test"}
"""Folders in which manifests stand that nobody deploys."""
ONLY_ONE = "staging"
"""What an environment is called where its folder's name says nothing."""
SAYS_NOTHING = {"", "deploy", "deployment", "k8s", "kubernetes", "manifests", "base", "kustomize", "config", "infra"}
NAME, LONGEST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"), 63
MOST_FOLDERS, LARGEST = 20_000, 1 << 20
"""Folders that are looked through, and bytes of a file that is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A folder that can be deployed: the environment's name, the path, and the namespace that its files name.

    `exclude` takes the files in it that are no manifests, `values` are a chart's values files for this environment.
    """

    name: str
    path: str
    namespace: str = ""
    values: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def look(root: Path) -> tuple[Found, ...]:
    """Look through a work tree, by the names and the first words of its files; nothing is built."""
    folders = dict(_folders(root))
    charts = {folder for folder, files in folders.items() if CHART in files}
    kustomized = {
        folder: _kustomization(root / folder) for folder, files in folders.items() if set(KUSTOMIZATIONS) & set(files)
    }
    used = {place for folder, said in kustomized.items() for place in _built_upon(folder, said)}
    taken = {*charts, *kustomized, *used}
    chosen = {folder: _namespace(said) for folder, said in kustomized.items() if folder not in used}
    for folder, files in folders.items():  # parents come before what is in them
        if _within(folder, {*taken, *chosen}):
            continue
        namespaces = _namespaces(root / folder, files)
        if namespaces is not None:
            chosen[folder] = namespaces.pop() if len(namespaces) == 1 else ""
    whole = {folder for folder in charts if not _within(folder.parent, charts)}
    return tuple(
        _named(
            [
                *((folder, Found(name="", path=str(folder), namespace=said)) for folder, said in chosen.items()),
                *(each for folder in whole for each in _of_chart(root, folder, folders[folder])),
            ]
        )
    )


def _of_chart(root: Path, folder: PurePosixPath, files: Collection[str]) -> Iterator[tuple[PurePosixPath, Found]]:
    """Make an environment of a chart for each values file that is called after one, or one in all."""
    if any(document.get("type") == "library" for document in _documents(root / folder / CHART)):
        return
    named = {match["environment"]: file for file in sorted(files) if (match := VALUES.fullmatch(file))}
    for name, file in named.items():
        yield folder / name, Found(name="", path=str(folder), values=(file,))
    if not named:
        yield folder, Found(name="", path=str(folder))


def _folders(root: Path) -> Iterator[tuple[PurePosixPath, list[str]]]:
    for count, (place, inner, files) in enumerate(os.walk(root)):
        if count == MOST_FOLDERS:
            return
        inner[:] = sorted(name for name in inner if not name.startswith(".") and name not in PASSED_BY)
        yield PurePosixPath(Path(place).relative_to(root).as_posix()), files


def _kustomization(folder: Path) -> dict[str, Any]:
    files = (folder / name for name in KUSTOMIZATIONS if (folder / name).is_file())
    return next((document for file in files for document in _documents(file)), {})


def _built_upon(folder: PurePosixPath, said: dict[str, Any]) -> Iterator[PurePosixPath]:
    for key in ("resources", "bases", "components"):
        places = said.get(key)
        for each in places if isinstance(places, list) else ():
            if isinstance(each, str):
                yield PurePosixPath(os.path.normpath(folder / each))


def _namespaces(folder: Path, files: Collection[str]) -> set[str] | None:
    """List the namespaces that a folder's own manifests name; None where it has no manifests."""
    objects = [
        document
        for name in sorted(files)
        if name.endswith(MANIFESTS)
        for document in _documents(folder / name)
        if document.get("apiVersion") and document.get("kind")
    ]
    if not objects:
        return None
    metadata = (each.get("metadata") for each in objects)
    return {name for each in metadata if isinstance(each, dict) and (name := _namespace(each))}


def _namespace(said: dict[str, Any]) -> str:
    """Give the namespace that is named; what a tool puts in later, as `${NAMESPACE}`, is none yet."""
    name = said.get("namespace")
    return name if isinstance(name, str) and NAME.fullmatch(name) else ""


def _documents(file: Path) -> Iterator[dict[str, Any]]:
    """Read what a file holds as far as it can be read: mistakes in it are said when it is deployed."""
    try:
        if file.is_symlink() or file.stat().st_size > LARGEST:
            return
        for document in yaml.safe_load_all(file.read_text()):
            if isinstance(document, dict):
                yield document
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
        return


def _within(folder: PurePosixPath, taken: Collection[PurePosixPath]) -> bool:
    return any(place in taken for place in (folder, *folder.parents))


def _named(chosen: Iterable[tuple[PurePosixPath, Found]]) -> Iterator[Found]:
    """Name each after the folder that is given with it."""
    names: set[str] = set()
    for folder, found in sorted(chosen, key=lambda each: each[0]):
        fitting = (each for each in _names(folder) if len(each) <= LONGEST_NAME)
        name = next(each for each in fitting if each not in names)
        names.add(name)
        yield replace(found, name=name)


def _names(folder: PurePosixPath) -> Iterator[str]:
    """Suggest names for a folder's environment, the best first, without an end."""
    words = [_name(part) for part in folder.parts]
    telling = [word for word in words if word not in SAYS_NOTHING and word not in RESERVED_WORDS]
    if not telling:
        yield ONLY_ONE
    for count in range(1, len(telling) + 1):
        yield "-".join(telling[-count:])
    for number in range(2, MOST_FOLDERS):
        yield f"{'-'.join(telling)[: LONGEST_NAME - 6].strip('-') or ONLY_ONE}-{number}"


def _name(part: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-")
