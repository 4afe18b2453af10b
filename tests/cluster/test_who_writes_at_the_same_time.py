"""Others may write an object while it is applied: we read again and try again, and only a field's owner refuses."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from pushboat.errors import ClusterUnavailable
from tests.cluster.desk import Desk, actions, config_map

BUSY, RESTLESS = 8, 10**6
"""Writes of somebody else, each right before one of ours."""


def written_by_others(desk: Desk, times: int, *, data: bool = False) -> Callable[[], None]:
    """Have somebody write to the object each time that we are about to, so often; `data` is what git has too."""
    path, numbers = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings", count()

    def write() -> None:
        number = next(numbers)
        if number < times:
            body: dict[str, Any] = {"metadata": {"annotations": {"example.com/seen": str(number)}}}
            if data:
                body["data"] = {"a": f"theirs {number}"}
            desk.write("kubectl-edit" if data else "example-controller", path, body)

    return write


@pytest.mark.parametrize("data", [False, True], ids=["an annotation", "what git has too"])
def test_an_object_that_others_are_busy_with_is_applied_when_they_rest(desk: Desk, *, data: bool) -> None:
    """A controller annotates my object eight times while it is applied, or somebody edits it: git has it in the end."""
    desk.deploy(config_map("settings", a="1"))
    plan = desk.plan(config_map("settings", a="2"))
    desk.may_write = written_by_others(desk, BUSY, data=data)
    assert actions(desk.apply_plan(plan)) == {"settings": "configured"}
    live = desk.get("configmaps", "settings")
    assert live is not None
    assert live["data"] == {"a": "2"}


@pytest.mark.proof  # it waits between the attempts
@pytest.mark.parametrize("data", [False, True], ids=["an annotation", "what git has too"])
def test_an_object_that_never_rests_is_tried_again_later(desk: Desk, *, data: bool) -> None:
    """Somebody writes without end: that is no mistake of git, so the deployment is tried again, and not refused."""
    desk.deploy(config_map("settings", a="1"))
    plan = desk.plan(config_map("settings", a="2"))
    desk.may_write = written_by_others(desk, RESTLESS, data=data)
    with pytest.raises(ClusterUnavailable, match="somebody else keeps changing it"):
        desk.apply_plan(plan)
