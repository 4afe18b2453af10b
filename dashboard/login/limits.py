"""How often one address may try to sign in, and how many are asked about at once: strangers cost the forge little."""

import threading
import time
from collections import OrderedDict

TRIES, WITHIN = 30, 300.0
"""So many within so many seconds from one address; an office behind one address has time enough."""
MOST_ADDRESSES = 10_000
AT_ONCE = 4
"""Questions to the forge on behalf of people who are not signed in yet."""
WAITS = 5.0


class Tries:
    """Counts tries by address, in memory: whoever restarts us costs nothing but a fresh count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.seats = threading.BoundedSemaphore(AT_ONCE)

    def allow(self, address: str) -> bool:
        """Count a try, and say whether it is one too many."""
        now = time.monotonic()
        with self._lock:
            left, at = self._left.pop(address, (float(TRIES), now))
            left = min(float(TRIES), left + (now - at) * TRIES / WITHIN)
            self._left[address] = (max(0.0, left - 1.0), now)
            while len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
            return left >= 1.0
