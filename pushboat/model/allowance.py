"""An allowance: how much a forge still lets somebody ask, of one kind of question."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`left` of `most` questions until `resets_at`, in seconds since the epoch; `host` is the forge's API."""

    host: str
    kind: str
    left: int
    most: int
    resets_at: float

    @property
    def key(self) -> tuple[str, str]:
        """Tell one from another."""
        return self.host, self.kind

    def left_at(self, now: float) -> int:
        """Say how much is left: all of it once the time is over."""
        return self.left if now < self.resets_at else self.most
