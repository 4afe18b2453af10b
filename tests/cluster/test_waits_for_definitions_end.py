"""Who waits until an API server follows a definition stops at once where the whole must stop: nobody waits it out."""

from collections.abc import Callable

import pytest

from pushboat.errors import LeaseLost
from tests.cluster.desk import Desk, document
from tests.cluster.gadgets import COLOUR, SIZE, discovered, gadget, gadgets, somebody_has
from tests.fakes.late_cluster import LateCluster, not_served, unknown
from tests.until import until
from workers.cluster.reading.listing import list_place
from workers.cluster.writing.dry_running import dry_run
from workers.deploying.held import held
from workers.manifests.reading import read_manifests


def ends_after(times: int) -> Callable[[], None]:
    """Stop whoever has asked so often whether to go on."""
    asked = iter(range(times))

    def go_on() -> None:
        if next(asked, None) is None:
            raise LeaseLost("another worker goes on")

    return go_on


def test_a_plan_that_is_cancelled_waits_for_no_definition(late: LateCluster, through: Desk, group: str) -> None:
    """My plan waits for an API server and is cancelled, or Pushboat is stopped: the plan ends there."""
    somebody_has(through, gadgets(group, COLOUR))
    until(lambda: discovered(through, group), what="the kind")
    plan = through.plan(gadget(group, colour="red"))
    late.follows_late("gadgets", 99, unknown(".spec.colour"))
    with pytest.raises(LeaseLost):
        dry_run(through.cluster, plan, go_on=ends_after(2))
    assert late.asked == 2


def test_a_push_that_is_cancelled_waits_for_no_kind(late: LateCluster, through: Desk, group: str) -> None:
    """My push waits until a kind is discovered, and is cancelled: it ends there."""
    through.cluster.kinds.refresh()
    somebody_has(through, gadgets(group, SIZE))
    late.undiscovered = 99
    (one,) = read_manifests(gadget(group, size=1), "all.yaml")
    with pytest.raises(LeaseLost):
        held(through.cluster, through.environment, [one], go_on=ends_after(1))
    assert late.undiscovered > 90


def test_who_lost_its_lease_waits_for_no_list(late: LateCluster, through: Desk, group: str) -> None:
    """A worker looks at what is there while a kind is not served yet, and another one goes on: it stops looking."""
    through.deploy(document(gadgets(group, SIZE)) + gadget(group, size=1))
    (kind,) = through.cluster.kinds.versions(group, "Gadget")
    late.follows_late("gadgets", 99, not_served(), ("GET",))
    with pytest.raises(LeaseLost):
        list_place(through.cluster.guarded_by(ends_after(1)), (kind, ""), {})
    assert late.asked < 9
