"""Commits: the one that is meant, the newest of what is followed, and the newer one that runs where it is older."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """The commit that an ask is about, and the ref that it was found by (empty: it was named by itself).

    `doubt` says to the asker why it may not be the one that was meant. `pull_request` is the open one whose head it is,
    where no conversation says so and what the environment follows lacks it (0: none is).
    """

    sha: str
    ref: str = ""
    doubt: str = ""
    pull_request: int = 0
