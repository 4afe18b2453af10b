"""Which words of a checked-out kustomization are secret, so that kustomize's own words can be shown without them.

kustomize repeats what it stumbles over: a literal, a whole patch, a generator's configuration. Looked for only when a
build failed. What cannot be parsed is taken word by word: an error with too many stars is better than a password.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pushboat.errors import InvalidManifest
from workers.manifests.yaml_loading import load

MASK = "***"
SHORTEST_MASKED_CHARACTERS = 4
"""Characters; a shorter word would match everywhere."""
_READ = (".yaml", ".yml", ".json", "")
_PUBLIC = ("apiVersion", "kind", "metadata", "type", "name", "namespace", "behavior", "options", "immutable")
_KINDS = ("Secret", "SecretGenerator")
_BETWEEN_WORDS = re.compile(r"[\s\"'`{}\[\],=:|<>]+")


def without_secrets(words: str, root: Path) -> str:
    """Mask in a renderer's words whatever the files below `root` keep in Secrets and their generators."""
    found = set(_below(root))
    spelled = {
        spelling for word in found for spelling in _spellings(word) if len(spelling) >= SHORTEST_MASKED_CHARACTERS
    }
    for spelling in sorted(spelled, key=len, reverse=True):
        words = words.replace(spelling, MASK)
    return words


def _below(root: Path) -> Iterator[str]:
    for path in root.rglob("*"):
        if path.suffix.lower() in _READ and path.is_file():
            yield from _of_text(path.read_text(encoding="utf-8", errors="replace"), path.parent)


def _of_text(text: str, folder: Path) -> Iterator[str]:
    try:
        documents = list(load(text, ""))
    except InvalidManifest:
        if "secret" in text.lower():
            yield from _BETWEEN_WORDS.split(text)
        return
    for document in documents:
        yield from _of_value(document.data, folder)


def _of_value(value: Any, folder: Path) -> Iterator[str]:
    if isinstance(value, Mapping):
        if value.get("kind") in _KINDS:
            yield from _of_generators([value], folder)
        if str(value.get("path", "")).startswith(("/data", "/stringData")):  # one step of a JSON patch
            yield from _held(value.get("value"), folder)
        for key, each in value.items():
            of = _of_generators if str(key).casefold() == "secretgenerator" else _of_value
            yield from of(each, folder)
    elif isinstance(value, list):
        for each in value:
            yield from _of_value(each, folder)
    elif isinstance(value, str) and "\n" in value:  # a patch or a plugin that is written inline
        yield from _of_text(value, folder)


def _of_generators(value: Any, folder: Path) -> Iterator[str]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, Mapping):
            yield from _held({name: each for name, each in one.items() if name not in _PUBLIC}, folder)


def _held(value: Any, folder: Path) -> Iterator[str]:
    """Give every leaf, the value of `key=value`, and the lines of a file that a generator reads."""
    if isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _held(each, folder)
        return
    if value is None or isinstance(value, bool):
        return
    text = str(value)
    yield from (text, text.partition("=")[2])
    for name in (text, text.partition("=")[2]):
        if name and len(name) < 1024 and name.isprintable() and (folder / name).is_file():
            for line in (folder / name).read_text(encoding="utf-8", errors="replace").splitlines():
                yield from (line.strip(), line.partition("=")[2].strip())


def _spellings(word: str) -> Iterator[str]:
    """Spell a word as it is written, decoded, quoted, and line by line."""
    plain = [word]
    with suppress(ValueError):  # not base64, as most words
        plain.append(base64.b64decode(word, validate=True).decode())
    for each in plain:
        yield from (each, json.dumps(each, ensure_ascii=False)[1:-1])
        yield from (line.strip() for line in each.splitlines())
