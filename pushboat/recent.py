"""What was asked for last, kept in memory within bounds, for all threads of a process."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Values by their keys; those that were neither kept nor found for the longest time make room.

    Args:
        most: what all values may weigh together.
        weigh: weighs one; each counts as one where nothing is said.
    """

    def __init__(self, most: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._most, self._weigh, self._weight = most, weigh, 0
        self._lock = threading.Lock()

    def find(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """Give those that are kept, in the order of `keys`."""
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        return found

    def keep(self, values: Mapping[Key, Value]) -> None:
        """Keep values in place of those that were kept by the same keys."""
        with self._lock:
            for key, value in values.items():
                if key in self._kept:
                    self._weight -= self._weigh(self._kept.pop(key))
                self._kept[key] = value
                self._weight += self._weigh(value)
            while self._weight > self._most:
                self._weight -= self._weigh(self._kept.popitem(last=False)[1])
