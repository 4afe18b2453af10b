"""The audit, newest first and a page at a time, for the page, the API and the command line alike."""

from pushboat.config.operator import Operator
from pushboat.model.audit_row import AuditRow
from pushboat.reading.lists import Page, Query, spellings
from pushboat.reading.since import read_since
from pushboat.store import audit_rows, names
from pushboat.store.audit_rows import Sought
from pushboat.store.database.engine import Store


def list_audit(store: Store, operator: Operator, query: Query, *, of_no_repository: bool) -> Page[AuditRow]:
    """Give one page; `of_no_repository` says whether entries about none may be seen: who signed in, and tokens.

    Raises:
        ValueError: `since` is written in another way; the sentence says how.
    """
    found = audit_rows.listed(
        store,
        Sought(
            repositories=_repositories(store, operator, query),
            of_no_repository=of_no_repository,
            environment=query.environment,
            who=query.who,
            word=query.word,
            source=query.source,
            verdict=query.verdict,
            since=read_since(query.since, store.now()) if query.since else None,
            asked=bool(query.asked),
            before=query.before,
            limit=query.limit + 1,
        ),
    )
    shown = found[: query.limit]
    return Page(shown, shown[-1].id if len(found) > query.limit else None)


def _repositories(store: Store, operator: Operator, query: Query) -> set[str] | None:
    """Name the repository that is asked for, or those that may be seen, in each way that an entry may spell them."""
    if query.repository:
        ours = operator.spelled(query.repository) or query.repository
        return {query.repository, ours, *spellings(store, operator, query.repository)}
    if query.within is None:
        return None
    within = {operator.canonical(each) for each in query.within}
    return {*query.within, *(name for name in names.known(store) if operator.canonical(name) in within)}
