"""What an environment follows: the newest commit of that, and the newer one that runs where an older is asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """The newer commit that runs where an older one is asked for, by so many commits (0: nobody counted them)."""

    sha: str
    commits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest commit of what an environment follows, and the ref it is of; without one, `why` there is none."""

    environment: str
    ref: str = ""
    sha: str = ""
    why: str = ""
