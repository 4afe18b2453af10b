"""What a cluster says of itself: its version, its kinds and their schemas. It is only read."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import click

from cli.checking.knowing import Knowing
from cli.output import one_line
from pushboat.config.cluster import ClusterAccess
from pushboat.model.wording import near_miss
from workers.cluster.client.connection import Cluster, connect
from workers.deploying.capabilities import capabilities_of
from workers.review.reviewing import Version
from workers.review.schema.compiling import Compiled

_USUAL = "~/.kube/config"


@contextmanager
def of_cluster(access: ClusterAccess) -> Iterator[Knowing]:
    """Know what a cluster serves.

    Raises:
        ClusterUnavailable, ClusterRefused: it cannot be asked.
    """
    cluster = connect(access)
    try:
        asked = Asked(cluster)
        yield Knowing(about=lambda _: asked, capabilities=lambda: capabilities_of(cluster))
    finally:
        cluster.close()


def access_of(known: Mapping[str, ClusterAccess], name: str) -> ClusterAccess:
    """Find a cluster of the operator's file.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in known:
        raise click.UsageError(f"pushboat.yaml has no cluster {one_line(name)}; {near_miss(name, known) or 'none yet'}")
    return known[name]


def access_in(context: str) -> ClusterAccess:
    """Reach a cluster by a context of the usual kubeconfig."""
    file = (os.environ.get("KUBECONFIG") or _USUAL).split(os.pathsep)[0]
    return ClusterAccess(name=context, kubeconfig=Path(file).expanduser(), context=context, plugins=None)


class Asked:
    """A cluster that answers for itself; its version is asked once."""

    asked = True

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.name = cluster.kinds.name
        cluster.kinds.refresh()

    @cached_property
    def minor(self) -> str:
        """Name its minor version."""
        return self._cluster.minor()

    def namespaced(self, group: str, version: str, kind: str) -> bool | None:
        """Say whether objects of a kind live in namespaces; None where the cluster does not know it."""
        return self._cluster.kinds.namespaced(group, version, kind)

    def kinds_of(self, group: str) -> Collection[str]:
        """Name the kinds of a group."""
        return self._cluster.kinds.kinds_of(group)

    def api_versions(self, kind: str) -> Sequence[str]:
        """List under which API versions kinds of a name are served."""
        return self._cluster.kinds.api_versions(kind)

    def published(self, wanted: Iterable[Version]) -> Mapping[Version, Compiled]:
        """Give the schemas that it publishes."""
        documents = self._cluster.published(wanted).documents
        return {version: Compiled(document.schemas) for version, document in documents.items()}
