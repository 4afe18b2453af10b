"""Keep secret values inside: out of diffs and out of the API server's own words."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from workers.cluster.objects import LAST_APPLIED, Object, is_secret

MASK = "***"
CHANGED = "*** (changed)"
_PUBLIC = ("apiVersion", "kind", "metadata", "type")
_VALUES = ("data", "stringData")
TOKEN_DIGITS = 10
"""Hexadecimal: two values of one place have the same token once in 10¹² times."""
SHORTEST_MASKED_CHARACTERS = 4
"""Characters; a shorter value would match everywhere, so it is masked only where the server quotes it."""
SHORTEST_PIECE, SHORTEST_LINE = 6, 16
"""Characters of a value, and of a line, within a Secret's file from which on it is masked by itself."""
MOST_PIECES = 500
"""Of one value; each is looked for in every word that a pod says."""
_CALLED_SECRET = re.compile(
    r"pass|pwd|secret|token|key|credential|auth|cert|private|pin|salt|dsn|conn|ur[li]$", re.IGNORECASE
)
_BETWEEN_PIECES = re.compile(r"[\n{}]|,(?=\s*\")")
_QUOTES = " \t\r,\"'"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What stands for a Secret's values where people look: one and the same for one value, and of no use to guess it.

    A token is a keyed digest, so nobody without the key can try values out. It is a value's only in its own place
    (`scope`, Secret and key): who may write a Secret of their own could otherwise put a guess in it, and see by an
    equal token that another team's password is just that. Without a key there are no tokens, and only a change shows.
    """

    key: bytes = field(default=b"", repr=False)
    scope: str = ""

    def of(self, body: Mapping[str, Any], name: str, value: Any) -> str:
        """Give the token of one value."""
        if not self.key:
            return MASK
        metadata = body["metadata"]
        place = (self.scope, str(metadata.get("namespace", "")), str(metadata.get("name", "")), name, _plain(value))
        text = json.dumps(place, ensure_ascii=True).encode()
        return f"{MASK} {hmac.new(self.key, text, hashlib.sha256).hexdigest()[:TOKEN_DIGITS]}"

    @property
    def mark(self) -> str:
        """Name the key, so that what two keys have made is not compared."""
        return self.digest("")[:4]

    def digest(self, text: str) -> str:
        """Digest a text with the key; without one, nothing of it."""
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()[:16] if self.key else ""


def tokens_of(encryption_key: str, scope: str) -> Tokens:
    """Make tokens with a key that is good for nothing else."""
    return Tokens(hmac.new(encryption_key.encode(), b"tokens of secret values", hashlib.sha256).digest(), scope)


NO_TOKENS = Tokens()


def masked_pair(
    before: Object | None, after: Object | None, tokens: Tokens = NO_TOKENS
) -> tuple[Object | None, Object | None]:
    """Replace the values of a Secret on both sides, so that a change shows and the values do not."""
    old, new = _values(before), _values(after)
    hidden = [each for each in (before, after) if each is not None]
    was = {key: tokens.of(before or {}, key, value) for key, value in old.items()}
    will = {key: _after(after or {}, key, value, old if before else new, tokens) for key, value in new.items()}
    return _replaced(before, was, hidden, tokens), _replaced(after, will, hidden, tokens)


def _after(body: Object, key: str, value: Any, old: Mapping[str, Any], tokens: Tokens) -> str:
    if tokens.key or old.get(key) == value:
        return tokens.of(body, key, value)
    return CHANGED


def scrub(message: str, body: Mapping[str, Any]) -> str:
    """Take a Secret's values out of a message about it; other objects' messages stay as they are."""
    if not is_secret(body):
        return message
    for value in sorted(_spellings(body), key=len, reverse=True):
        if len(value) >= SHORTEST_MASKED_CHARACTERS:
            message = message.replace(value, MASK)
        elif value:
            message = message.replace(f'"{value}"', f'"{MASK}"')
    return message


def _spellings(body: Mapping[str, Any]) -> set[str]:
    """Spell every value of a Secret as it is written, decoded and quoted, also one that is in the wrong field.

    A value that is a file has secrets of its own, which whoever reads that file may print one by one.
    """
    found: set[str] = set()
    for each in _leaves({key: value for key, value in body.items() if key not in _PUBLIC}):
        found.add(each)
        try:
            found.add(base64.b64decode(each, validate=True).decode())
        except (binascii.Error, ValueError):  # plain text, or the very mistake that the server complains about
            continue
    found |= {piece for each in found for piece in islice(_pieces(each), MOST_PIECES)}
    return found | {json.dumps(each, ensure_ascii=False)[1:-1] for each in found}


def _pieces(text: str) -> Iterator[str]:
    """Give what is secret in a file: what stands beside a name that says so, and lines that are no pair (keys, say)."""
    if "\n" not in text and not text.lstrip().startswith("{"):
        return
    for line in _BETWEEN_PIECES.split(text):
        name, sign, value = _parted(line.strip())
        if not sign and len(name) >= SHORTEST_LINE:
            yield name
        elif sign and len(value) >= SHORTEST_PIECE and _CALLED_SECRET.search(name):
            yield value


def _parted(line: str) -> tuple[str, str, str]:
    """Part a line of YAML, JSON, dotenv or INI into name and value, without their quotes."""
    at = next((place for place, sign in enumerate(line) if sign in ":="), -1)
    if at <= 0 or " " in line[:at].strip():
        return line, "", ""
    value = line[at + 1 :].strip(_QUOTES)
    if not value.strip("="):  # the end of base64
        return line, "", ""
    return line[:at].strip(_QUOTES), line[at], value


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _values(body: Object | None) -> dict[str, Any]:
    if body is None or not is_secret(body):
        return {}
    values: dict[str, Any] = {}
    for name in (*(key for key in body if key not in _PUBLIC and key not in _VALUES), *_VALUES):
        held = body.get(name)
        if name in _VALUES and isinstance(held, Mapping):
            values.update(held)
        elif held and not isinstance(held, bool):
            values[name] = held  # a misspelt field, or one of the wrong type: its content is as secret
    return values


def _plain(value: Any) -> str:
    """Write a value of any type as text: in the wrong field it may be anything."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def _replaced(
    body: Object | None, values: Mapping[str, str], hidden: Sequence[Object], tokens: Tokens
) -> Object | None:
    if body is None or not is_secret(body):
        return body
    metadata = dict(body["metadata"])
    for marks in ("annotations", "labels"):
        if isinstance(texts := metadata.get(marks), Mapping):
            metadata[marks] = _scrubbed(texts, body, hidden, tokens)
    kept = {key: each for key, each in body.items() if key in _PUBLIC or isinstance(each, bool)}  # `immutable`
    return {**kept, "metadata": metadata, "data": dict(values)} if values else {**kept, "metadata": metadata}


def _scrubbed(texts: Mapping[str, Any], body: Object, hidden: Sequence[Object], tokens: Tokens) -> dict[str, Any]:
    """Leave out kubectl's copy of the object, hide other tools' copies, and take the values out of all other texts.

    A copy (kapp's `original`) may hold values that neither side has any more.
    """
    kept: dict[str, Any] = {}
    for key, text in texts.items():
        if key == LAST_APPLIED or not isinstance(text, str):
            continue
        for each in hidden:
            text = scrub(text, each)
        kept[key] = tokens.of(body, f"annotations/{key}", texts[key]) if text.lstrip().startswith("{") else text
    return kept
