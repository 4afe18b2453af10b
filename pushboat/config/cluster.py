"""The section `clusters` of the operator's file: how each cluster is reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from pushboat.config.document import Document
from pushboat.config.schema import Section
from pushboat.config.secret import Surroundings

_HOME = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
"""Where Kubernetes tells a pod its namespace: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAccess:
    """How to reach one cluster: a kubeconfig and its context (empty: the current one), or the pod's own account.

    `plugins` are the programs that its kubeconfig may run to log in; None where whoever asks is at their own terminal.
    `home` is the namespace there in which Pushboat itself lives; empty where that is not known.
    `deployments`: how many each worker renders and applies there at the same time; 0: as many as it does at all.
    """

    name: str
    kubeconfig: Path | None = None
    context: str = ""
    in_cluster: bool = False
    plugins: tuple[str, ...] | None = ()
    home: str = ""
    deployments: int = 0


class ClusterSection(Section):
    """One cluster as it is written."""

    kubeconfig: str = Field(default="", min_length=1)
    context: str = Field(default="", min_length=1)
    in_cluster: bool = False
    plugins: list[Annotated[str, Field(min_length=1)]] = Field(default_factory=list)
    deployments: int = Field(default=0, ge=0, le=256)

    def cluster(self, name: str, surroundings: Surroundings) -> ClusterAccess:
        """Make the cluster's access."""
        kubeconfig = surroundings.path(self.kubeconfig) if self.kubeconfig else None
        inside = self.in_cluster
        home = _home(surroundings.environ) if inside else ""
        return ClusterAccess(
            name=name,
            kubeconfig=kubeconfig,
            context=self.context,
            in_cluster=inside,
            plugins=tuple(self.plugins),
            home=home,
            deployments=self.deployments,
        )


def _home(environ: Mapping[str, str]) -> str:
    own = environ.get("POD_NAMESPACE", "")
    return own or (_HOME.read_text().strip() if _HOME.is_file() else "")


def note_clusters(document: Document) -> None:
    """Note clusters that are reached in no way, or in two."""
    for name, written in document.mapping("clusters").items():
        if not isinstance(written, dict):
            continue
        inside = written.get("in_cluster") is True
        if not inside and "kubeconfig" not in written:
            document.note(("clusters", name), "needs 'kubeconfig: PATH' or 'in_cluster: true'", key=True)
        for key in ("kubeconfig", "context", "plugins"):
            if inside and key in written:
                document.note(("clusters", name, key), f"'{key}' and 'in_cluster: true' exclude each other", key=True)
