"""A cluster of the recoveries' own namespaces."""

from tests.cluster.conftest import door, namespace

__all__ = ["door", "namespace"]
