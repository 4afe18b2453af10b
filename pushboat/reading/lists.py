"""Lists, newest first and a page at a time: which rows were asked for, those of one page, and where the next begins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from pushboat.config.operator import Operator
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment
from pushboat.store import deliveries, deployments, names
from pushboat.store.database.engine import Store

USUAL_ROWS = 50


class Numbered(Protocol):
    """A row that has its number in the store."""

    @property
    def id(self) -> int:
        """Give it."""
        ...


Row = TypeVar("Row", bound=Numbered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list was asked for: the filters that were given, how many rows, and before which number.

    `within` are the repositories that whoever asks may see; None: every one.
    """

    repository: str = ""
    environment: str = ""
    state: str = ""
    sha: str = ""
    words: str = ""
    forge: str = ""
    verdict: str = ""
    who: str = ""
    word: str = ""
    source: str = ""
    since: str = ""
    asked: str = ""
    limit: int = USUAL_ROWS
    before: int | None = None
    within: frozenset[str] | None = None

    def filters(self) -> dict[str, str]:
        """Give the filters that were set, for a link to the same list."""
        named = {"repository": self.repository, "environment": self.environment, "state": self.state}
        named |= {"sha": self.sha, "q": self.words, "forge": self.forge, "verdict": self.verdict, "who": self.who}
        named |= {"word": self.word, "source": self.source, "since": self.since, "asked": self.asked}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page; `next` is the number before which the next one begins, None on the last."""

    rows: Sequence[Row]
    next: int | None


def list_deployments(store: Store, operator: Operator, query: Query) -> Page[Deployment]:
    """Give one page of deployments; plans are on the pages of their own."""
    if query.forge and query.within is None:
        of_forge = (name for name in names.known(store) if name.partition("/")[0] == query.forge)
        query = replace(query, within=frozenset(of_forge))
    repository, others = _asked_for(store, operator, query)
    if not repository and query.within is not None:
        return Page((), None)
    found = deployments.listed(
        store,
        repository=repository,
        spellings=others,
        environment=query.environment,
        state=query.state,
        sha=query.sha,
        limit=query.limit + 1,
        before=query.before,
    )
    return _page(found, query.limit)


def list_deliveries(store: Store, operator: Operator, query: Query) -> Page[DeliveryRow]:
    """Give one page of deliveries, those that were refused among them."""
    repository, others = _asked_for(store, operator, query)
    if not repository and query.within is not None:
        return Page((), None)
    found = deliveries.listed(
        store,
        repository=repository,
        spellings=others,
        sha=query.sha,
        forge=query.forge,
        verdict=query.verdict,
        limit=query.limit + 1,
        before=query.before,
    )
    return _page(found, query.limit)


def spellings(store: Store, operator: Operator, repository: str) -> tuple[str, ...]:
    """List the names under which the store has a repository, compared as its forge compares them."""
    return operator.alike(repository, names.known(store)) if repository else ()


def _asked_for(store: Store, operator: Operator, query: Query) -> tuple[str, tuple[str, ...]]:
    """Name the repository that a list was asked for, or those that may be seen, as the store spells them."""
    if query.repository or query.within is None:
        return query.repository, spellings(store, operator, query.repository)
    within = {operator.canonical(each) for each in query.within}
    seen = tuple(name for name in names.known(store) if operator.canonical(name) in within)
    return (seen[0], seen[1:]) if seen else ("", ())


def _page(found: Sequence[Row], limit: int) -> Page[Row]:
    """Cut a list that was asked for one row more than it shows."""
    shown = found[:limit]
    return Page(shown, shown[-1].id if len(found) > limit else None)
