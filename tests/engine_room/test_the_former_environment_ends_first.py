"""An inventory is not taken from a deployment that is still at work with it."""

from dataclasses import replace

import pytest

from pushboat.errors import ClusterUnavailable
from pushboat.model.state import State
from pushboat.store import ending
from tests.store.repository import NAME, Repository, deploy
from workers.cluster.inventory import Inventory, Owner, Parent
from workers.deploying.former import let_the_former_end
from workers.tools import Tools

KNOWN = Inventory(
    parent=Parent(namespace="shop", name="pushboat-old-1234567890"),
    owner=Owner(repository=NAME, environment="staging"),
    was=Owner(repository=NAME, environment="old"),
)


@pytest.mark.proves("environment-renamed", among=("a deployment under the old name",))
def test_a_running_deployment_under_the_earlier_name_is_waited_for(tools: Tools, repository: Repository) -> None:
    """The first deployment under the new name is tried again until the last one under the old name has ended."""
    (last,) = repository.route(deploy("a", "old"))
    (first,) = repository.route(deploy("b", "staging"))
    let_the_former_end(tools, first, KNOWN)  # it waits in a lane that no worker of this file will ever claim
    claim = repository.claim(last)
    with pytest.raises(ClusterUnavailable, match=f"deployment {last.id} to {NAME}:old still runs"):
        let_the_former_end(tools, first, KNOWN)
    let_the_former_end(tools, first, replace(KNOWN, was=None))
    ending.finish(tools.store, claim, State.SUCCEEDED, "healthy")
    let_the_former_end(tools, first, KNOWN)
