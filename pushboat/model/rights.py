"""What somebody who signed in may: their permission on each repository that they may read, in every forge's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pushboat.model.person import Person
from pushboat.model.reach import EVERYTHING, Reach

ADMIN, NONE = "admin", "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """`levels` has repositories that they may read, by their names in the operator's file; `everywhere` is of all.

    `silent` says which forge did not say what they may, where one did not.
    """

    person: Person
    levels: Mapping[str, str] = field(default_factory=dict)
    everywhere: str = NONE
    silent: str = ""

    @property
    def reach(self) -> Reach:
        """Say how far they see."""
        return EVERYTHING if self.everywhere != NONE else Reach(repositories=frozenset(self.levels))

    def level(self, repository: str) -> str:
        """Give their permission on a repository."""
        return self.everywhere if self.everywhere != NONE else self.levels.get(repository, NONE)
