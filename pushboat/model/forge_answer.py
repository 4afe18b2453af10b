"""What is said at a deployment of the forge's own, which somebody else made, where nothing follows from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Say at a deployment, by its number at the forge, why nothing follows from it."""

    number: int
    environment: str
    sha: str
    description: str
