"""Processes read the operator's file at moments of their own: who is behind ends nothing that the others have begun."""

import pytest

from pushboat.model.deployment import Lane
from pushboat.store import comparing, inspections
from tests.store.repository import NAME, time_passes
from workers.dispatching import clusters_of
from workers.inspecting.story import inspect
from workers.reporting import Seats
from workers.tools import Tools

LANE = Lane(repository=NAME, environment="staging")


def compared(tools: Tools) -> list[Lane]:
    """Name what the timer compares."""
    return [each.lane for each in inspections.listed(tools.store)]


@pytest.fixture
def due(tools: Tools) -> Tools:
    """A worker whose dispatcher has just scheduled a new environment, which is due."""
    comparing.schedule(tools.store, clusters_of(tools.operator, tools.store), tools.operator.drift_every)
    inspections.wake(tools.store, LANE)
    assert inspections.due_clusters(tools.store) == ["dev"]
    return tools


def test_a_worker_that_has_not_read_the_file_yet_ends_no_comparison(due: Tools, forgotten: Tools) -> None:
    """I add an environment: it is compared, although a worker was told of it before it had read of it."""
    inspect(forgotten, Seats(1), "dev")
    assert compared(due) == [LANE]
    assert inspections.due_clusters(due.store) == [], "nor asks one for it without end meanwhile"
    time_passes(due.store, 5.0)
    assert inspections.due_clusters(due.store) == ["dev"]


def test_what_has_left_the_dispatchers_file_is_compared_no_more(due: Tools, forgotten: Tools) -> None:
    """I take it out: the dispatcher ends it, whatever the worker knows by then."""
    comparing.schedule(due.store, clusters_of(forgotten.operator, due.store), due.operator.drift_every)
    inspect(due, Seats(1), "dev")
    assert compared(due) == []
