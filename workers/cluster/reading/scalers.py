"""Read the autoscalers beside our objects, where it matters whether one is there: where replicas leave a manifest."""

from collections.abc import Mapping, Sequence

from pushboat.errors import ClusterRefused
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import ApiRefused
from workers.cluster.fieldsets import entries_of
from workers.cluster.objects import Object
from workers.cluster.reading.listing import list_all, places

SCALERS = (("autoscaling", "HorizontalPodAutoscaler"), ("keda.sh", "ScaledObject"))
"""Kinds that count another object's replicas, which they name in spec.scaleTargetRef."""


def read_scalers(cluster: Cluster, manifests: Sequence[Manifest], there: Mapping[Ref, Object]) -> tuple[Object, ...]:
    """List the autoscalers in the namespaces where an object's replicas may leave its manifest."""
    spaces = {manifest.ref.namespace for manifest in manifests if _may_lose_replicas(manifest, there.get(manifest.ref))}
    kinds = [kind for group, name in SCALERS if spaces and (kind := cluster.kinds.preferred(group, name))]
    try:
        return tuple(list_all(cluster, places(kinds, spaces), ""))
    except (ApiRefused, ClusterRefused):  # an account that may not see autoscalers goes on without them
        return ()


def _may_lose_replicas(manifest: Manifest, live: Object | None) -> bool:
    spec = manifest.body.get("spec")
    if live is None or not isinstance(spec, Mapping) or spec.get("replicas") is not None:
        return False
    books = (entry for entry in entries_of(live) if not entry.get("subresource"))
    return any("f:replicas" in entry["fieldsV1"].get("f:spec", {}) for entry in books)
