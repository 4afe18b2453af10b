"""What a chart may know of the cluster that it is rendered for."""

import hashlib
from dataclasses import dataclass

DEFAULT_VERSION = "v1.34.0"
"""What the pinned Helm takes a cluster for that nobody described: the Kubernetes that it was made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """A cluster's version (`v1.36.3`), and what it serves, as `apps/v1` and `apps/v1/Deployment`.

    Without a cluster at hand they are defaults, and whoever shows what was rendered says so (`known`).
    """

    version: str = DEFAULT_VERSION
    apis: tuple[str, ...] = ()
    known: bool = False

    @property
    def said_of_defaults(self) -> str:
        """Say that no cluster was asked."""
        return f"capabilities are defaults (Kubernetes {self.version}), not the cluster's"

    @property
    def digest(self) -> str:
        """Tell a cluster that may lead a chart to something else from one that cannot."""
        return hashlib.sha256("\n".join((self.version, *sorted(self.apis))).encode()).hexdigest()
