"""Whose delivery is it? The operator's file and the store say; what is new is remembered before anything follows."""

from dataclasses import replace

from pushboat.config.operator import Forge, Operator
from pushboat.events import Event
from pushboat.model.repository import Recognised
from pushboat.routing import recognising
from pushboat.store import repositories
from pushboat.store.database.engine import Store


def recognise(operator: Operator, store: Store, forge: Forge, event: Event) -> tuple[Event, Recognised]:
    """Give the event under the name that the operator's file has for its repository, and how it was recognised.

    Raises:
        StoreUnavailable: who it is could not be looked up.
    """
    if not event.repository:
        return event, Recognised()
    found = _decide(operator, store, forge, event)
    if found.identity and _is_news(store, found) and not repositories.keep(store, found.identity):
        found = _decide(operator, store, forge, event)  # another one came under this name at the same moment
    if not found.repository:
        return event, found
    return replace(event, repository=found.repository, renamed=found.renamed), found


def _decide(operator: Operator, store: Store, forge: Forge, event: Event) -> Recognised:
    name = operator.canonical(f"{forge.name}/{event.repository}")
    spelled = _path(operator, name)
    if not event.repository_id:
        return recognising.recognise(event, name, spelled, None)
    holder = repositories.holder(store, name)
    earlier = [
        (path, identity)
        for identity in repositories.names_of(store, forge.name, event.repository_id)
        if (path := _path(operator, identity.name))
    ]
    return recognising.recognise(event, name, spelled, holder, earlier)


def _path(operator: Operator, name: str) -> str:
    return operator.spelled(name).partition("/")[2]


def _is_news(store: Store, found: Recognised) -> bool:
    assert found.identity
    return repositories.holder(store, found.identity.name) != found.identity
