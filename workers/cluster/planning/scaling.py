"""Which objects an autoscaler counts the replicas of: those that this revision brings, and those that stand there.

Where replicas leave a manifest because an autoscaler takes them over, the count must not fall to the server's default
in between. An autoscaler that leaves with the same revision counts nothing any more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pushboat.model.manifest import Manifest, Ref
from workers.cluster.objects import ref_of
from workers.cluster.reading.live import Live
from workers.cluster.reading.scalers import SCALERS

Target = tuple[str, str, str, str]
"""Group, kind, namespace and name."""


def targets(manifests: Sequence[Manifest], live: Live) -> Mapping[Target, str]:
    """Name the autoscaler of each object that has one."""
    wanted = {manifest.ref for manifest in manifests}
    found = ((ref_of(each), each) for each in live.scalers)
    staying = ((ref, body) for ref, body in found if ref in wanted or ref not in live.members)
    coming = (
        (manifest.ref, manifest.body) for manifest in manifests if (manifest.ref.group, manifest.ref.kind) in SCALERS
    )
    return dict(_targets([*staying, *coming]))


def scaler_of(manifest: Manifest, counted: Mapping[Target, str]) -> str:
    """Name the autoscaler of an object whose manifest does not say how many replicas it wants; empty where none."""
    ref, spec = manifest.ref, manifest.body.get("spec")
    if not counted or not isinstance(spec, Mapping) or spec.get("replicas") is not None:
        return ""
    return counted.get((ref.group, ref.kind, ref.namespace, ref.name), "")


def _targets(scalers: Iterable[tuple[Ref, Mapping[str, Any]]]) -> Iterator[tuple[Target, str]]:
    for ref, body in scalers:
        spec = body.get("spec")
        found = spec.get("scaleTargetRef") if isinstance(spec, Mapping) else None
        if isinstance(found, Mapping):
            group = str(found.get("apiVersion") or "apps/v1").rpartition("/")[0]
            yield (group, str(found.get("kind") or "Deployment"), ref.namespace, str(found.get("name"))), str(ref)
