"""What a forge says of a commit's signature."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeVerdict:
    """Whether the forge found the signature good, and whether it is the forge's own: of a commit that it made itself.

    `why` is the forge's word for what is not good. Any account's signature may be good; only the forge's own counts.
    """

    good: bool
    own: bool = False
    why: str = ""
