"""The timer has read the cluster when somebody edits it and asks: what they were told soon stands on the commit too."""

import pytest

from pushboat.store import comparing, concluding, inspections
from tests.engine_room.drifting import LANE, Watched
from tests.store.repository import time_passes
from tests.written import config_map
from workers.dispatching import clusters_of
from workers.inspecting.story import look
from workers.questions.drift import drift_of

SETTINGS = "/api/v1/namespaces/$NS/configmaps/settings"


@pytest.mark.parametrize("drifts", [True, False], ids=["edited", "undone"])
def test_what_was_said_at_the_terminal_is_what_the_commit_says(watched: Watched, drifts: bool) -> None:
    """I edit, or undo an edit, just after the timer has looked there: its look is not the last word for ten minutes."""
    tools, store = watched.tools, watched.store
    colours = ("red", "blue") if drifts else ("blue", "red")
    watched.allowing(self_heal=False)
    made = watched.release(config_map("settings", colour="red"))
    time_passes(store, 60)
    watched.edit(SETTINGS, {"data": {"colour": colours[0]}})
    comparing.schedule(store, clusters_of(tools.operator, store), tools.operator.drift_every)
    inspections.wake(store, LANE)
    held = inspections.claim(store, "dev", tools.operator.drift_every)
    assert held
    read = look(watched.tools, held)
    watched.edit(SETTINGS, {"data": {"colour": colours[1]}})
    _, said = drift_of(
        watched.tools.operator, store, LANE, watched.tools.project(LANE.repository).environments["staging"]
    )
    assert bool(said) == drifts
    assert concluding.conclude(store, held, read, every=600.0, pause=600.0)
    assert bool(watched.look_if_due().found) == drifts
    assert watched.repository.shown(made.sha)[-1][0] == ("errored" if drifts else "succeeded")
