"""A kind that was not served a moment ago is asked for again, and no commit is blamed for the moment."""

import pytest

from tests.cluster.definitions import definition
from tests.cluster.desk import Desk, actions, document


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
