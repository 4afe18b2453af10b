"""The operator's file, read: which forge, which cluster, which repository may reach what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A webhook secret with its value; `kind` is plain, or signing for a GitLab 19.0+ signing token."""

    value: str = field(repr=False)
    kind: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A GitHub App that we act as; `private_key` is PEM text."""

    id: int
    private_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forge:
    """One forge: `kind` is github, gitlab or git; `root` (git only) holds bare repositories.

    `clone_url` contains `{repository}`, for git it is empty.
    """

    name: str
    kind: str
    url: str = ""
    api_url: str = ""
    clone_url: str = ""
    root: Path | None = None
    webhook_secrets: tuple[Secret, ...] = ()
    token: str = field(default="", repr=False)
    app: App | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAccess:
    """How to reach one cluster: a kubeconfig and its context (empty: the current one), or the pod's own account."""

    name: str
    kubeconfig: Path | None = None
    context: str = ""
    in_cluster: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the operator allows one environment, and the repository's fields that the operator fixes (`fixed`)."""

    environment: str
    cluster: str
    namespaces: tuple[str, ...]
    create_namespaces: bool = False
    cluster_scoped: tuple[str, ...] = ()
    service_account: str = ""
    deployers: tuple[str, ...] = ("write",)
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One repository (`github/acme/shop`) and its environments by name."""

    repository: str
    environments: Mapping[str, Limits]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """The whole file. `store` and `broker` are URLs; empty means SQLite and the embedded server below `state`."""

    public_url: str
    host: str
    port: int
    state: Path
    workers: int
    store: str = field(default="", repr=False)
    broker: str = field(default="", repr=False)
    forges: Mapping[str, Forge]
    clusters: Mapping[str, ClusterAccess]
    projects: Mapping[str, Project]
