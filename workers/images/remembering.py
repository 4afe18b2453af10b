"""Good signatures that this process has seen: good for their digest for as long as their signer counts."""

import threading
from collections import OrderedDict

from pushboat.config.images import ImageSigner
from workers.images.words import Gate

MOST_REMEMBERED = 2_000


class Remembered:
    """Who has signed which image, the newest of a bounded number; for all threads of a process."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, ImageSigner], None] = OrderedDict()
        self._lock = threading.Lock()

    def signer(self, image: str, gate: Gate) -> ImageSigner | None:
        """Give who is known to have signed an image (its name by digest) and counts today."""
        counting = [each for each in gate.rules.signers if each.until is None or each.until >= gate.today]
        with self._lock:
            return next((each for each in counting if (image, each) in self._known), None)

    def note(self, image: str, signer: ImageSigner) -> None:
        """Remember that somebody has signed an image."""
        with self._lock:
            self._known[image, signer] = None
            self._known.move_to_end((image, signer))
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
