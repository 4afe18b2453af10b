"""Changed, deleted, added, and taken by a controller, on ten kinds at once: reported right, and put back right."""

from typing import Any

import pytest

from pushboat.model.changeset import Action
from pushboat.model.drift import Sort
from pushboat.model.state import State
from pushboat.store import change_sets
from tests.engine_room.drifting import Watched
from tests.engine_room.ten_kinds import KINDS, folder

BY_CONTROLLER = {"metadata": {"labels": {"tier": "back"}}}
"""A field that the manifest declares, taken over by a controller since."""


@pytest.mark.proves("drift-check")
def test_each_sort_is_named_and_put_back_and_nothing_else_is_touched(watched: Watched) -> None:
    """What people did to ten kinds is named object by object and undone in one go; the rest is not written at all."""
    watched.release(folder("a", "b", "c"))
    assert watched.come_round().found == (), "nothing has drifted right after a deployment"
    for each in KINDS:
        url = each.url("$NS")
        watched.edit(f"{url}/a", each.change, "kubectl-edit")
        watched.cluster.request("DELETE", each.url(watched.namespace, "b"))
        taken = watched.edit(f"{url}/c", BY_CONTROLLER, "fleet-operator")
        watched.cluster.request("POST", each.url(watched.namespace), each.copied(taken, "d"))
    before = versions(watched, "c")

    found = watched.come_round()
    looked = {(one.ref.kind, one.ref.name): one for one in found.found}
    assert {place: one.sort for place, one in looked.items()} == {
        (each.kind, name): sort
        for each in KINDS
        for name, sort in (("a", Sort.CHANGED), ("b", Sort.DELETED), ("d", Sort.ADDED))
    }
    for each in KINDS:
        (field,) = looked[each.kind, "a"].fields
        assert (field.path, field.by) == (each.path, "kubectl-edit"), each.kind
    assert "hunter2" not in repr(found)
    assert "aGVycmluZw" not in repr(found)

    made = watched.healed()
    assert made.state is State.SUCCEEDED, made.reason
    acts = {(one.ref.kind, one.ref.name): one.action for one in change_sets.listed(watched.store, made.id)}
    wanted = {"a": Action.CONFIGURED, "b": Action.CREATED, "c": Action.UNCHANGED, "d": Action.DELETED}
    assert acts == {(each.kind, name): action for each in KINDS for name, action in wanted.items()}
    assert versions(watched, "c") == before
    after = versions(watched, "a", "b", "c")
    assert watched.come_round().found == ()
    assert watched.healing() == []
    assert [each.id for each in watched.healed_so_far()] == [made.id]
    assert versions(watched, "a", "b", "c") == after, "nothing drifted, so nothing is written"


def versions(watched: Watched, *names: str) -> dict[tuple[str, str], Any]:
    """Read when our part of each object was written last; controllers may write their status."""
    found = {}
    for each in KINDS:
        for name in names:
            there = watched.cluster.get(each.url(watched.namespace, name))["metadata"]
            found[each.kind, name] = (there["uid"], there.get("generation"), there["labels"], entries(there))
    return found


def entries(metadata: dict[str, Any]) -> list[tuple[str, str]]:
    """List who wrote, and when, but for what is no wish."""
    return [
        (entry["manager"], entry["time"]) for entry in metadata["managedFields"] if entry.get("subresource") != "status"
    ]
