"""How far somebody sees: which repositories, which environment of them. What is beyond is as if it were not there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Some repositories or every one (None), and of them one environment or every one (empty).

    `forge` leaves those of one forge, by its name in the operator's file, and what it sent that names no repository.
    """

    repositories: frozenset[str] | None = None
    environment: str = ""
    forge: str = ""

    @property
    def only(self) -> str:
        """Name the repository, where it is a single one."""
        return next(iter(self.repositories)) if self.repositories is not None and len(self.repositories) == 1 else ""


EVERYTHING = Reach()
NOTHING = Reach(repositories=frozenset())


def reach_of(repository: str = "", environment: str = "") -> Reach:
    """Give the reach of one repository, or every one where none is named."""
    return Reach(repositories=frozenset({repository}) if repository else None, environment=environment)
