"""Which refs of a repository a look keeps track of: all, or where those are too many, the ones that deploy. Pure.

A coverage is written as words: `branches`, `tags`, and patterns of full refs. It stands beside the look that used it,
so that the next one knows which refs would have been seen before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from pushboat.model.wording import listed, printable

ALL = "branches tags"
NOTHING = "nothing"
MOST_REFS = 20_000
"""Of one kind."""

There = Mapping[str, Sequence[str]]
"""Full ref → its commit, and after it the tag's own object where there is one."""

_KINDS = {"branches": "refs/heads/", "tags": "refs/tags/"}
_GLOB = frozenset("*?[")


def choices(followed: Iterable[str]) -> list[str]:
    """List coverages from the widest on; `followed` are the refs, and patterns of refs, that environments follow."""
    wanted = list(dict.fromkeys(followed))
    branches, tags = ([one for one in wanted if one.startswith(prefix)] for prefix in _KINDS.values())
    exact = [one for one in wanted if not _GLOB & set(one)]
    possible = (ALL.split(), ["branches", *tags], [*branches, "tags"], [*branches, *tags], exact)
    return [*dict.fromkeys(" ".join(words) for words in possible if words), NOTHING]


def patterns(coverage: str) -> list[str]:
    """Give a coverage as git's patterns of full refs."""
    words = [] if coverage == NOTHING else coverage.split()
    return [f"{_KINDS[word]}*" if word in _KINDS else word for word in words]


def fits(coverage: str, there: Iterable[str]) -> bool:
    """Say whether what a coverage finds can be kept track of."""
    refs = list(covered(coverage, there))
    return all(sum(ref.startswith(prefix) for ref in refs) <= MOST_REFS for prefix in _KINDS.values())


def covered(coverage: str, refs: Iterable[str]) -> Iterator[str]:
    """Give those of the refs that a coverage keeps track of."""
    words = coverage.split()
    prefixes = tuple(_KINDS[word] for word in words if word in _KINDS)
    globs = [word for word in words if word.startswith("refs/")]
    return (ref for ref in refs if ref.startswith(prefixes) or any(fnmatchcase(ref, glob) for glob in globs))


def described(coverage: str) -> str:
    """Say for a person which refs are kept track of."""
    words = {"branches": "all branches", "tags": "all tags", NOTHING: "none, for no environment says what it follows"}
    return printable(listed(words.get(word, word) for word in coverage.split()), 200)


def from_there(coverage: str, wider: Sequence[str]) -> list[str]:
    """Give the choices to try when the last look had this coverage: wider ones would be too much again."""
    return list(wider[wider.index(coverage) :]) if coverage in wider else list(wider)
