"""Whatever the API server makes of a manifest, the second deployment knows it again."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cluster.desk import Desk
from tests.lines import audited
from tests.until import until

EVERY_SHAPE = (Path(__file__).parent.parent / "data" / "manifests" / "every-shape.yaml").read_text()


@pytest.mark.proves("diff-noise", "pain-11")
@pytest.mark.proves(
    "empty-and-odd-fields",
    among=("HorizontalPodAutoscaler", "ResourceQuota", "NetworkPolicy", "PersistentVolumeClaim", "CronJob"),
)
def test_every_shape_of_object_is_unchanged_the_second_time(desk: Desk) -> None:
    """Quantities, defaulted ports, empty fields, stringData and claims cause no write when nothing changed."""
    created = desk.deploy(EVERY_SHAPE)
    assert created.counts.created == created.counts.total
    slices = f"/apis/discovery.k8s.io/v1/namespaces/{desk.namespace}/endpointslices"
    # A controller makes these with the labels of our Services; they are not ours to delete.
    until(lambda: len(desk.cluster.request("GET", slices).data["items"]) > 2, what="EndpointSlices of the Services")
    cluster, audit = audited(desk.cluster)
    again = replace(desk, cluster=cluster).deploy(EVERY_SHAPE)
    assert {str(each.ref): each.notes for each in again.changes if each.action.value != "unchanged"} == {}
    assert audit.writes == []
