"""How often one address may try something: whoever guesses is slowed, and strangers cost little."""

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

TRIES, WITHIN = 30, 300.0
"""So many within so many seconds from one address; an office behind one address has time enough."""
MOST_ASKS = 300
"""Asks of one token, job or person in that time: what a program that went wrong may cost the store."""
MOST_ADDRESSES = 10_000


class Tries:
    """Counts tries by address, in memory: whoever restarts us costs nothing but a fresh count."""

    def __init__(self, most: int = TRIES, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = float(most), clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, address: str) -> bool:
        """Count a try, and say whether it is one too many."""
        address = household(address)
        with self._lock:
            now = self._clock()
            left = self._of(address, now)
            self._left.pop(address, None)
            self._left[address] = (max(0.0, left - 1.0), now)
            while len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
            return left >= 1.0

    def are_spent(self, address: str) -> bool:
        """Say whether the next one would be one too many, and count none."""
        with self._lock:
            return self._of(household(address), self._clock()) < 1.0

    def _of(self, address: str, now: float) -> float:
        left, at = self._left.get(address, (self._most, now))
        return min(self._most, left + (now - at) * self._most / WITHIN)


def household(address: str) -> str:
    """Give what one sender may choose addresses from: of IPv6 the 64 bits that a provider gives to each of them."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4 or found.ipv4_mapped:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))
