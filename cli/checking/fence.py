"""What a look is held inside of: what the operator's file says, or nothing where nobody asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pushboat.config.cluster import ClusterAccess
from pushboat.config.project import Project
from pushboat.config.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """The project of a repository, from where it may fetch, and the clusters that there are."""

    project: Project | None = None
    sources: tuple[Source, ...] = ()
    clusters: Mapping[str, ClusterAccess] = field(default_factory=dict)


NONE = Fence()
