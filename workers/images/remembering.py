"""Good signatures that this process has seen: good for their digest for as long as their signer counts."""

from pushboat.config.images import ImageSigner
from pushboat.recent import Recent
from workers.images.words import Gate

MOST_REMEMBERED = 2_000


class Remembered:
    """Who has signed which image, the newest of a bounded number; for all threads of a process."""

    def __init__(self) -> None:
        self._known: Recent[tuple[str, ImageSigner], None] = Recent(MOST_REMEMBERED)

    def signer(self, image: str, gate: Gate) -> ImageSigner | None:
        """Give who is known to have signed an image (its name by digest) and counts today."""
        counting = [each for each in gate.rules.signers if each.until is None or each.until >= gate.today]
        return next((each for _, each in self._known.find((image, each) for each in counting)), None)

    def note(self, image: str, signer: ImageSigner) -> None:
        """Remember that somebody has signed an image."""
        self._known.keep({(image, signer): None})
