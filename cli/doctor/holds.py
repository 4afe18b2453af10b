"""Holds that nobody can end any more: whoever waits for one waits for ever, and nobody is told."""

from collections.abc import Iterator, Sequence

from cli.configuration import NotSetUp
from cli.opening import opened_store
from pushboat.config.operator import Operator
from pushboat.errors import PushboatError, StoreUnavailable
from pushboat.forges.table import client_of
from pushboat.model.hold import Hold
from pushboat.reading import stranded
from pushboat.reading.held import place
from pushboat.routing.holds import sentence
from pushboat.store import holds, leaving
from workers.checks.words import Line, passed, unknown, warned

MOST_ASKED = 20
"""People whom the forges are asked about: each is a request, and a doctor does not take minutes."""


def check_holds(operator: Operator) -> Iterator[Line]:
    """Name each hold that nobody can end; where the store does not answer, another line says so."""
    try:
        with opened_store(operator) as store:
            every, left = holds.listed(store), leaving.left_with(store)
    except (StoreUnavailable, NotSetUp):
        return
    lines = [_line(hold, why) for hold in every if (why := stranded.why(hold, operator, left))]
    locks = [hold for hold in every if stranded.locked_by(hold) and not stranded.why(hold, operator, left)]
    lines += _of_people(operator, locks[:MOST_ASKED])
    yield from lines or (passed("holds", "each of them can be ended"),)


def _of_people(operator: Operator, locks: Sequence[Hold]) -> Iterator[Line]:
    for hold in locks:
        person, where = stranded.locked_by(hold), hold.scope
        forge, _, path = where.repository.partition("/")
        try:
            permission = client_of(operator.forges[forge]).permission(path, person)
        except PushboatError as error:
            yield unknown(f"hold {hold.id}", error.summary, "look at the lines of the forge")
            continue
        limits = operator.projects[where.repository].environments.get(where.environment)
        if why := stranded.gone(person, permission, limits.deployers if limits else ()):
            yield _line(hold, why)


def _line(hold: Hold, why: str) -> Line:
    said = f"{place(hold.scope)} is held ({sentence(hold)}), and {why}"
    return warned(f"hold {hold.id}", said, f"pushboat holds --end {hold.id}")
