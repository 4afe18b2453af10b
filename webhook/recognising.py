"""Whose delivery is it? The operator's file and the store say; what is new is remembered before anything follows."""

from dataclasses import replace

from pushboat.config.operator import Forge, Operator
from pushboat.events import Event
from pushboat.model.repository import Identity, Recognised
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
    name = operator.canonical(f"{forge.name}/{event.repository}")
    holder = repositories.holder(store, name) if event.repository_id else None
    found = _decide(operator, store, event, name, holder)
    if found.identity and found.identity != holder and not repositories.keep(store, found.identity):
        # Another one came under this name at the same moment.
        found = _decide(operator, store, event, name, repositories.holder(store, name))
    if not found.repository:
        return event, found
    return replace(event, repository=found.repository, renamed=found.renamed), found


def _decide(operator: Operator, store: Store, event: Event, name: str, holder: Identity | None) -> Recognised:
    spelled = _path(operator, name)
    earlier = []
    if event.repository_id and not (spelled and holder and holder.id == event.repository_id):
        known = repositories.names_of(store, name.partition("/")[0], event.repository_id)
        earlier = [(path, identity) for identity in known if (path := _path(operator, identity.name))]
    return recognising.recognise(event, name, spelled, holder, earlier)


def _path(operator: Operator, name: str) -> str:
    return operator.spelled(name).partition("/")[2]
