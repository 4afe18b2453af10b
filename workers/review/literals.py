"""Secrets whose values stand in the repository in plain text, so that whoever reads it has them."""

from dataclasses import dataclass

from pushboat.model.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Literal:
    """One such Secret, with how many of its values are in plain text."""

    file: str
    place: str
    ref: str
    values: int

    def __str__(self) -> str:
        """Say it in a sentence."""
        return (
            f"{self.place}: {self.ref} has {counted(self.values, 'value')} in plain text, for everybody who reads the "
            "repository: encrypt the file with SOPS, or let an operator for secrets bring it"
        )
