"""What of a revision its cluster will not serve for long: one sentence for each kind in each version.

The API server says so of what is written, and nothing of what does not change.
"""

from collections.abc import Iterator, Sequence

from pushboat.model.manifest import Manifest
from pushboat.model.wording import counted
from workers.cluster.client.connection import Cluster
from workers.review.outdated import may_end, outdated
from workers.review.unserved import Served


def ending(cluster: Cluster, manifests: Sequence[Manifest]) -> tuple[str, ...]:
    """Say which APIs are deprecated in the cluster's version of Kubernetes, or in the next, and what to write instead.

    Raises:
        ClusterUnavailable, ClusterRefused: as any request; none is sent where no API ever ends.
    """
    some = [each for each in manifests if may_end((each.ref.group, each.version, each.ref.kind))]
    minor = cluster.minor() if some else ""
    return tuple(sentences(some, minor, cluster.kinds)) if minor else ()


def sentences(manifests: Sequence[Manifest], minor: str, served: Served) -> Iterator[str]:
    """Say it of the first object of each kind and version, with the number of all."""
    alike: dict[tuple[str, str], list[Manifest]] = {}
    for each in manifests:
        alike.setdefault((each.api_version, each.ref.kind), []).append(each)
    for same in alike.values():
        more = f" ({counted(len(same), 'object')})" if len(same) > 1 else ""
        yield from (f"{finding}{more}" for finding in outdated(same[:1], minor, served))
