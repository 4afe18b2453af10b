"""An effective environment: what the repository wants, inside what the operator allows; the operator's value wins."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Everything a deployment needs to know about where and how; times in seconds.

    `branch` and `tag` (a glob) are what it follows; both empty means only by `/deploy`. `path` is a folder inside the
    repository. `render` is auto, plain or kustomize. `namespace` is the default one and among `namespaces`.
    `wait` 0 means: do not wait for health. `service_account` is `namespace/name` or empty (no impersonation).
    """

    name: str
    cluster: str
    namespaces: tuple[str, ...]
    namespace: str
    path: str
    branch: str = ""
    tag: str = ""
    render: str = "auto"
    prune: bool = True
    wait: float = 600.0
    create_namespaces: bool = False
    cluster_scoped: tuple[str, ...] = ()
    service_account: str = ""
    deployers: tuple[str, ...] = ("write",)
