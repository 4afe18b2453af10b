"""Environments that still run and that a file names no more: they cost money, and nobody looks after them."""

from collections.abc import Iterator

from cli.configuration import NotSetUp
from cli.doctor.report import Line, passed, warned
from cli.opening import opened_store
from pushboat.config.operator import Operator
from pushboat.errors import StoreUnavailable
from pushboat.reading.environments import overview


def check_left_behind(operator: Operator) -> Iterator[Line]:
    """Name what is left behind; where the store does not answer, another line says so."""
    try:
        with opened_store(operator) as store:
            found = [one for one in overview(store, operator) if one.left]
    except (StoreUnavailable, NotSetUp):
        return
    for one in found:
        where, _, ways = one.left.partition(": ")
        yield warned(f"environment {one.environment} of {one.repository}", where, ways)
    if not found:
        yield passed("environments", "all that run are in the files")
