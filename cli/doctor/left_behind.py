"""Environments that still run and that a file names no more: they cost money, and nobody looks after them."""

from collections.abc import Iterator

from cli.configuration import NotSetUp
from cli.opening import opened_store
from pushboat.config.operator import Operator
from pushboat.errors import StoreUnavailable
from pushboat.reading.environments import overview
from workers.checks.standing import of_left_behind
from workers.checks.words import Line


def check_left_behind(operator: Operator) -> Iterator[Line]:
    """Name what is left behind; where the store does not answer, another line says so."""
    try:
        with opened_store(operator) as store:
            known = overview(store, operator)
    except (StoreUnavailable, NotSetUp):
        return
    yield from of_left_behind(known)
