"""What of a revision its cluster will not serve for long: one sentence for each kind in each version.

The API server says so of what is written, and nothing of what does not change.
"""

from collections.abc import Iterator, Sequence

from pushboat.model.manifest import Manifest
from pushboat.model.wording import counted
from workers.cluster.client.connection import Cluster
from workers.review.outdated import may_end, outdated


def ending(cluster: Cluster, manifests: Sequence[Manifest]) -> Iterator[str]:
    """Say which APIs are deprecated in the cluster's version of Kubernetes, or in the next, and what to write instead.

    Raises:
        ClusterUnavailable, ClusterRefused: as any request; none is sent where no API ever ends.
    """
    some = [each for each in manifests if may_end((each.ref.group, each.version, each.ref.kind))]
    if not some or not (minor := cluster.minor()):
        return
    told: dict[tuple[str, str], list[Manifest]] = {}
    for each in some:
        told.setdefault((each.api_version, each.ref.kind), []).append(each)
    for same in told.values():
        for finding in outdated(same[:1], minor, cluster.kinds):
            more = f" ({counted(len(same), 'object')})" if len(same) > 1 else ""
            yield f"{finding}{more}"
