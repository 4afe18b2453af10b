"""What a render needs from outside of its repository: a chart, a base or a file; and what it was locked to."""

from dataclasses import dataclass
from typing import Final

CHART: Final = "chart"
BASE: Final = "base"
FILE: Final = "file"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Outside:
    """What somebody's file asks for: `address` as `config.sources.canonical` has it.

    Of a chart `name` is its name in the repository at `address`, and `asked` a range of versions; of a base `asked` is
    a branch, a tag or a commit, empty for the branch that the repository shows first.
    """

    kind: str
    address: str
    name: str = ""
    asked: str = ""

    def __str__(self) -> str:
        """Name it for people."""
        if self.kind == CHART:
            return f"chart {self.name}{f' {self.asked}' if self.asked else ''} of {self.address}"
        return f"{self.kind} {self.address}{f' at {self.asked}' if self.asked else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """What is fetched for it: `digest` is `sha256:…` of a chart's archive or a file, of a base the commit's full sha.

    `version` is the one version of a chart that was in the range; `at` says where the archive of one that does not come
    from a registry stands.
    """

    outside: Outside
    digest: str
    version: str = ""
    at: str = ""
