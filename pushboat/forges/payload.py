"""A verified body as typed fields, for every forge's reader: a surprise is a 400, never a crash.

Unknown keys are ignored and missing keys are empty. What is refused: a field of another type than the forge documents,
a name that no repository and no ref can have, and what happens in a repository without saying in which.
"""

import json
import re
from typing import Any

from pushboat.errors import UnreadableDelivery
from pushboat.events import ZERO_SHA, Event, EventKind

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NO_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|\.\.")
"""What no forge lets into a name, and what would lead elsewhere in a path, a URL or a terminal."""

_IN_A_REPOSITORY = {
    EventKind.PUSH: "a push",
    EventKind.PULL_REQUEST: "a pull request",
    EventKind.COMMENT: "a comment",
    EventKind.MERGE_GROUP: "a merge group",
    EventKind.RERUN: "a check",
    EventKind.DEPLOYMENT: "a deployment",
    EventKind.REVIEW: "a deployment protection rule",
}
_LARGEST_NUMBER = 2**63 - 1
"""What the store can hold; no forge counts that far."""


class Payload:
    """One JSON object of a delivery; `place` is its path in the body, for the error."""

    def __init__(self, data: dict[str, Any], place: str = "") -> None:
        self._data = data
        self._place = place

    def __bool__(self) -> bool:
        """Say whether the object is there at all."""
        return bool(self._data)

    def says(self, key: str) -> bool:
        """Say whether the key is there, even if its value is null."""
        return key in self._data

    def text(self, key: str) -> str:
        """Give a string that the store can hold: no NUL, no half of a surrogate pair."""
        value = self._typed(key, str, "a string", missing="")
        return str(value).encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")

    def name(self, key: str) -> str:
        """Give the name of a repository or a ref, as it is."""
        if _NO_NAME.search(str(self._typed(key, str, "a string", missing=""))):
            raise self._wrong(key, "a name: it has control characters or '..' in it")
        return self.text(key)

    def number(self, key: str) -> int | None:
        """Give a whole number, or None where there is none."""
        value = self._typed(key, int, "a whole number", missing=None)
        if isinstance(value, bool) or (value is not None and not 0 <= value <= _LARGEST_NUMBER):
            raise self._wrong(key, "a whole number")
        return None if value is None else int(value)

    def within(self, key: str) -> "Payload":
        """Give the object under a key that may hold anything: an empty one where it is something else."""
        value = self._data.get(key)
        return Payload(value if isinstance(value, dict) else {}, self._path(key))

    def flag(self, key: str) -> bool:
        """Give a truth value, false where there is none."""
        return bool(self._typed(key, bool, "true or false", missing=False))

    def sha(self, key: str) -> str:
        """Give a commit's full name; all zeros, of whatever length, become ZERO_SHA."""
        value = self.text(key).lower()
        if value and not _SHA.fullmatch(value):
            raise self._wrong(key, "a full commit id")
        return ZERO_SHA if value and not value.strip("0") else value

    def object(self, key: str) -> "Payload":
        """Give the object under a key; an empty one where there is none."""
        return Payload(self._typed(key, dict, "an object", missing={}), self._path(key))

    def objects(self, key: str) -> "list[Payload]":
        """Give the objects of the list under a key."""
        items = self._typed(key, list, "a list", missing=[])
        if not all(isinstance(item, dict) for item in items):
            raise self._wrong(key, "a list of objects")
        return [Payload(item, self._path(key)) for item in items]

    def _typed(self, key: str, wanted: type, words: str, *, missing: Any) -> Any:
        value = self._data.get(key)
        if value is None:
            return missing
        if not isinstance(value, wanted):
            raise self._wrong(key, words)
        return value

    def _path(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key

    def _wrong(self, key: str, words: str) -> UnreadableDelivery:
        return UnreadableDelivery(f"`{self._path(key)}` is not {words}; check the hook's payload template")


def complete(event: Event) -> Event:
    """Give the event that was read, unless it happened in a repository and does not say in which."""
    what = _IN_A_REPOSITORY.get(event.kind)
    if what and not event.repository:
        raise UnreadableDelivery(f"{what} without a repository; check the hook's payload template")
    return event


def parse(body: bytes) -> Payload:
    """Read a body as a JSON object."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableDelivery("the body is not JSON; set the hook's content type to application/json") from error
    if not isinstance(data, dict):
        raise UnreadableDelivery("the body is JSON, but not an object")
    return Payload(data)
