"""What people type into one box: a commit, a pull request's number, a branch, a repository, an environment."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from pushboat.config.operator import Operator
from pushboat.model.state import Kind
from pushboat.reading.environments import Overview, overview
from pushboat.reading.narrowing import narrowed
from pushboat.store import deliveries, deployments, heads, names, pull_requests
from pushboat.store.database.engine import Store

MOST_FOUND = 30
"""Of each sort; whoever sees so many types more."""
_SHA = re.compile(r"[0-9a-f]{4,64}")
_NUMBER = re.compile(r"[#!]?(\d{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What fits: commits and heads of refs by repository and sha, proposals by repository and number."""

    commits: Sequence[tuple[str, str]] = ()
    refs: Sequence[tuple[str, str, str]] = ()
    proposals: Sequence[tuple[str, int]] = ()
    repositories: Sequence[str] = ()
    environments: Sequence[Overview] = ()

    @property
    def number(self) -> int:
        """Count all of it."""
        sorts: Sequence[Collection[object]] = (
            self.commits, self.refs, self.proposals, self.repositories, self.environments,
        )  # fmt: skip
        return sum(len(each) for each in sorts)


def search(store: Store, operator: Operator, words: str, within: Callable[[str], bool], *, narrow: bool) -> Found:
    """Look for what somebody typed, everywhere that it may stand in repositories that they see.

    `narrow` says that those are not all: then the others are not looked through, and crowd nothing out.
    """
    if not words:
        return Found()
    wanted, number = words.casefold(), _NUMBER.fullmatch(words)
    seen = {*filter(within, names.known(store)), *filter(within, operator.projects)} if narrow else None
    everywhere = [each for each in overview(store, operator) if within(each.repository)]
    known = sorted({*filter(within, operator.projects), *(each.repository for each in everywhere)})
    return Found(
        commits=_commits(store, wanted, seen) if _SHA.fullmatch(wanted) else (),
        refs=heads.named(store, words, MOST_FOUND, seen),
        proposals=pull_requests.numbered(store, int(number[1]), MOST_FOUND, seen) if number else (),
        repositories=[name for name in known if wanted in name.casefold()][:MOST_FOUND],
        environments=[one for one in narrowed(everywhere, words=words) if not _is_only_its_repository(one, wanted)][
            :MOST_FOUND
        ],
    )


def _commits(store: Store, sha: str, seen: Collection[str] | None) -> list[tuple[str, str]]:
    if seen is not None and not seen:
        return []
    first, *others = seen or ("",)
    rows = deployments.listed(store, kinds=tuple(Kind), repository=first, spellings=others, sha=sha, limit=MOST_FOUND)
    told = deliveries.listed(store, repository=first, spellings=others, sha=sha, limit=MOST_FOUND)
    found = [(row.lane.repository, row.sha) for row in rows] + [(row.repository, row.event.sha) for row in told]
    return list(dict.fromkeys(each for each in found if all(each)))[:MOST_FOUND]


def _is_only_its_repository(one: Overview, wanted: str) -> bool:
    """Leave out environments that are found by nothing but the name, or the commit, that is found already."""
    shas = [each.sha for each in (one.latest, one.runs) if each]
    return wanted in one.repository.casefold() or any(sha.startswith(wanted) for sha in shas)
