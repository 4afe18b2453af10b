"""What a forge calls a repository now, as deliveries said it last, or as the forge says by its id where it refuses us.

Whoever has a renamed repository's old name is another one, and gets nothing of what this one was granted.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from pushboat.config.operator import Forge, Operator
from pushboat.errors import ForgeRefused
from pushboat.forges.answers import Limited
from pushboat.forges.minding import mindful
from pushboat.forges.protocol import Client
from pushboat.forges.renaming import by_names_of_today
from pushboat.forges.table import client_of
from pushboat.model.repository import Identity
from pushboat.routing.recognising import acceptance, called_now
from pushboat.store import quieting, repositories
from pushboat.store.database.engine import Store

logger = logging.getLogger(__name__)


def client_by_names_of_today(operator: Operator, store: Store, forge: Forge) -> Client:
    """Make a forge's client, which asks by the names of today, and remembers a new one."""

    def learn(path: str, found: Identity) -> None:
        _remember(store, f"{forge.name}/{path}", found)

    return _client(operator, store, forge, learn, {})


def client_that_keeps_nothing(operator: Operator, store: Store, forge: Forge) -> Client:
    """Make a forge's client, which asks by the names of today, for who only looks: a new one is told to nobody."""
    today: dict[str, str] = {}

    def learn(path: str, found: Identity) -> None:
        today[path] = found.path

    return _client(operator, store, forge, learn, today)


def _client(
    operator: Operator, store: Store, forge: Forge, learn: Callable[[str, Identity], None], today: Mapping[str, str]
) -> Client:
    """Make a client that learns a new name where the forge refuses the old one; `today` goes before the store's."""
    client = client_of(forge)

    def called(path: str) -> str:
        return today.get(path) or repositories.called(store, operator.canonical(f"{forge.name}/{path}"), path)

    def renamed(path: str) -> bool:
        with suppress(ForgeRefused):
            if found := _moved(operator, store, client, f"{forge.name}/{path}"):
                learn(path, found)
                return True
        return False

    return _mindful(store, forge, by_names_of_today(client, called, renamed))


def _mindful(store: Store, forge: Forge, client: Client) -> Client:
    """Let a client keep the pauses that any of our processes was asked for, and tell the others of new ones."""

    def left(path: str) -> float:
        pause = quieting.found(store, f"{forge.name}/{path}")
        return pause.left if pause and not pause.unknown else 0.0

    def hear(path: str, limit: Limited) -> None:
        credential = quieting.credential(forge.name, path, by_owner=client.by_owner)
        if quieting.quiet(store, credential, limit.retry_after or 0.0, limit.summary):
            logger.warning("%s asks nothing and posts nothing for %.0f s: %s", credential, limit.retry_after, limit)

    return mindful(client, left, hear)


def follow(operator: Operator, store: Store, client: Client, repository: str) -> bool:
    """Ask the forge what a repository is called now, and say whether that is news; it is remembered.

    Raises:
        ForgeRefused: the forge has no repository of this id any more.
        ForgeUnavailable: it does not answer.
    """
    found = _moved(operator, store, client, repository)
    if found is None:
        return False
    _remember(store, repository, found)
    return True


def _remember(store: Store, repository: str, found: Identity) -> None:
    repositories.keep(store, found)
    forge, _, path = repository.partition("/")
    logger.warning("%s: %s", forge, called_now(path, found.path))


def _moved(operator: Operator, store: Store, client: Client, repository: str) -> Identity | None:
    """Find under which path a repository is now, where that is another one than we know."""
    known = holder(operator, store, repository)
    if known is None:
        return None  # no delivery has come yet, so the name is all that is known
    forge, _, path = repository.partition("/")
    try:
        today = client.name_of(path, known.id)
    except ForgeRefused:
        return None  # the token may not ask that, or anything; whoever needs more of it says so
    if not today:
        raise ForgeRefused(
            f"{forge} shows us no repository with the id {known.id} any more, which {path} had; if another one "
            f"is meant now: {acceptance(repository, 'ID')}"
        )
    return None if today == known.path else replace(known, path=today, rival="")


def renamed(operator: Operator, store: Store, repository: str) -> str:
    """Give today's path of a repository to which the operator's file gives an earlier one; else nothing."""
    known = holder(operator, store, repository)
    if known is None or operator.canonical(f"{known.forge}/{known.path}") == known.name:
        return ""
    return known.path


def holder(operator: Operator, store: Store, repository: str) -> Identity | None:
    """Find whom a name of the operator's file means."""
    return repositories.holder(store, operator.canonical(repository))
