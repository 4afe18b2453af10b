"""The broker: where it is, whether it lives, and whether it forgot everything. embedded.py knows how to start ours.

Its messages are hints (the store is the queue of record), so that losing its data costs seconds and no delivery.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from pushboat.config.operator import Operator
from pushboat.errors import BrokerUnavailable
from pushboat.queue.embedded import broker_socket, server_command
from pushboat.queue.sentinels import NAME, SCHEME, sentinels

__all__ = ["broker_url", "celery_options", "celery_url", "claim_epoch", "ping", "server_command", "translated"]

EPOCH = "pushboat:epoch"
"""A key that stands as long as the broker has its data; there is no other way to notice that it was wiped."""

PING_ANSWER_SECONDS = 1.0
"""Seconds for an answer: nobody may hang on a frozen broker."""

_UNIX, _CELERYS_UNIX = "unix://", "redis+socket://"
"""How the two libraries write a unix socket."""
_NO_BROKER = (AttributeError, LookupError, TypeError, ValueError)
"""What redis-py raises where something else answers at the broker's address: it believes what it hears."""


def broker_url(operator: Operator) -> str:
    """Give the broker's address as redis-py writes it: the operator's, or the embedded server's socket."""
    if operator.broker.startswith(_CELERYS_UNIX):
        return _UNIX + operator.broker.removeprefix(_CELERYS_UNIX)
    return operator.broker or f"{_UNIX}{_quoted(operator.state)}"


def celery_url(operator: Operator) -> str:
    """Give the same address as Celery writes it."""
    if not operator.broker:
        return f"{_CELERYS_UNIX}{_quoted(operator.state)}"
    if operator.broker.startswith(_UNIX):
        return _CELERYS_UNIX + operator.broker.removeprefix(_UNIX)
    return operator.broker.partition("?")[0] if operator.broker.startswith(SCHEME) else operator.broker


def celery_options(operator: Operator) -> dict[str, str]:
    """Give what Celery wants to know of a broker beside its address."""
    found = sentinels(operator.broker)
    return {} if found is None else {NAME: found.master}


def ping(url: str) -> None:
    """Ask whether the broker answers.

    Raises:
        BrokerUnavailable: it does not.
    """
    with _client(url) as client:
        client.ping()


def claim_epoch(operator: Operator) -> bool:
    """Put the mark up; True where it was missing, which means that every message sent so far is lost.

    Raises:
        BrokerUnavailable: the broker does not answer.
    """
    with _client(broker_url(operator)) as client:
        return bool(client.set(EPOCH, f"{time.time():.0f}", nx=True))


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn whatever a broker does wrong into one word of ours.

    Raises:
        BrokerUnavailable: it does not answer, has no room, or answers what no broker says.
    """
    try:
        yield
    except (redis.RedisError, OSError, *_NO_BROKER) as error:
        said = f"{type(error).__name__}: {error}" if isinstance(error, _NO_BROKER) else error
        raise BrokerUnavailable(f"the broker at {_shown(url)} does not answer: {said}") from error


@contextmanager
def _client(url: str) -> Iterator[redis.Redis]:
    with translated(url), _connected(url) as client:
        yield client


def _connected(url: str) -> redis.Redis:
    if found := sentinels(url):
        return found.client(PING_ANSWER_SECONDS)
    return redis.Redis.from_url(url, socket_timeout=PING_ANSWER_SECONDS, retry=Retry(NoBackoff(), 0))


def _quoted(state: Path) -> str:
    return quote(str(broker_socket(state)))


def _shown(url: str) -> str:
    """Name an address without its credentials."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{unquote(rest.rpartition('@')[2])}"
