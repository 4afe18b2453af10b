"""A kind that was not served a moment ago is asked for again, and no commit is blamed for the moment."""

import pytest

from pushboat.errors import ClusterUnavailable
from tests.cluster.definitions import definition
from tests.cluster.desk import Desk, actions, document
from tests.cluster.gadgets import SIZE, discovered, gadget, gadgets, somebody_has
from tests.fakes.late_cluster import LateCluster
from tests.until import until


@pytest.mark.proves("definitions-first")
def test_a_kind_that_a_push_brought_a_moment_ago_is_known_to_the_next(desk: Desk) -> None:
    """Two pushes within a second, the definition and then its first object, are both green."""
    able = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    group = f"{desk.namespace}.example"
    boats = document(definition(group))
    boat = document({"apiVersion": f"{group}/v1", "kind": "Boat", "metadata": {"name": "one"}})
    desk.cluster.kinds.refresh()
    able.deploy(boats)
    assert actions(able.deploy(boats + boat)) == {f"boats.{group}": "unchanged", "one": "created"}


@pytest.mark.proves("definitions-first")
def test_a_kind_that_is_not_discovered_for_a_moment_blames_no_commit(
    late: LateCluster, through: Desk, group: str
) -> None:
    """Its definition was deleted and made anew between my plan and its first write: my commit is tried again."""
    through.cluster.kinds.refresh()
    somebody_has(through, gadgets(group, SIZE))
    until(lambda: discovered(through, group), what="the definition")
    plan = through.plan(gadget(group, size=1))
    late.undiscovered = 99
    through.cluster.kinds.refresh()
    with pytest.raises(ClusterUnavailable, match=f"CustomResourceDefinition/gadgets.{group} serves Gadget"):
        through.apply_plan(plan)
    late.undiscovered = 0
    until(lambda: discovered(through, group), what="the definition once more")
    assert actions(through.deploy(gadget(group, size=1)))["one"] == "created"
