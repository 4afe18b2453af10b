"""Which words of a chart and its values may be secret, so that Helm's own words can be shown without them.

Helm repeats what it stumbles over: a value, or a whole text that was given to `tpl`. Which values are secret nobody
says. So whatever is called like a secret is masked, and any longer value too, unless a path or a name has the word.
Looked for only when a render failed.
"""

import base64
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pushboat.errors import InvalidManifest
from workers.manifests.yaml_loading import load
from workers.render.kustomize.secrets import MASK

SHORTEST_SECRET, SHORTEST_OTHER = 4, 8
"""Characters from which on a value is masked: one that is called like a secret, and any other."""
_CALLED = re.compile(
    r"pass|secret|token|key|credential|auth|cert|private|pin|salt|dsn|conn|license|webhook|url|uri|user|account|hash",
    re.IGNORECASE,
)
_IN_A_TEMPLATE = re.compile(r"^\s*[\w.-]+:\s*[\"']?([^\s\"'{}#][^\"'{}]*)", re.MULTILINE)
_OF_SECRETS = re.compile(r"^kind:\s*[\"']?Secret\b", re.MULTILINE)


def without_secrets(words: str, values: Iterable[str], templates: Iterable[str], needed: Collection[str]) -> str:
    """Mask in Helm's words what values files, and templates of Secrets, hold; `needed` are paths and names."""
    found = {word for text in values for word in _of_values(text)} | {
        word for text in templates for word in _said(text)
    }
    spelled = {each for word in found for each in _spellings(word)}
    for spelling in sorted(spelled, key=len, reverse=True):
        if not any(spelling in each for each in needed):
            words = words.replace(spelling, MASK)
    return words


def _of_values(text: str) -> Iterator[str]:
    try:
        documents = list(load(text, ""))
    except InvalidManifest:  # too many stars are better than a password
        yield from (word for word in re.split(r"[\s\"'`{}\[\],:=|<>]+", text) if len(word) >= SHORTEST_SECRET)
        return
    for document in documents:
        yield from _leaves(document.data, called=False)


def _leaves(value: Any, *, called: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(each, called=called or bool(_CALLED.search(str(name))))
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, called=called)
    elif value is not None and not isinstance(value, bool):
        shortest = SHORTEST_SECRET if called else SHORTEST_OTHER
        for line in (str(value), *str(value).splitlines()):
            if len(line.strip()) >= shortest:
                yield line.strip()


def _said(template: str) -> Iterator[str]:
    """Give the words that stand in a template of a Secret itself."""
    if _OF_SECRETS.search(template):
        yield from (word.strip() for word in _IN_A_TEMPLATE.findall(template) if len(word.strip()) >= SHORTEST_OTHER)


def _spellings(word: str) -> Iterator[str]:
    """Give a word as it is, as Go and JSON quote it, and in base64."""
    yield word
    yield json.dumps(word)[1:-1]
    yield json.dumps(word, ensure_ascii=False)[1:-1]
    yield base64.b64encode(word.encode()).decode()
    if word.endswith("=") or len(word) < SHORTEST_OTHER:
        return
    yield base64.b64encode(f"{word}\n".encode()).decode()
