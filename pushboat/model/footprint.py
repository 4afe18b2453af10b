"""A footprint: everything that decided what a deployment brought, so that a later commit is known to bring the same.

Equal footprints mean an equal outcome; unequal ones mean nothing but that somebody has to look.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """`roots` are the paths of the commit that were asked for, each with git's object there (empty: nothing stands
    there), `settings` a digest of all else: the environment as both files have it, its cluster, the renderer. `served`
    is a digest of what the cluster served, where the render asked for that, else empty."""

    roots: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    served: str = ""

    @property
    def text(self) -> str:
        """Write the roots down."""
        return json.dumps(dict(sorted(self.roots.items())), ensure_ascii=True, separators=(",", ":"))


def read_roots(text: str) -> dict[str, str]:
    """Read roots that were written down."""
    return {str(path): str(oid) for path, oid in json.loads(text).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """An environment that nothing speaks against: its newest deployment is green, and nothing has happened since.

    `last` is that deployment and `last_sha` its commit; `origin` is the one that was carried out, which is another one
    where commits that left the environment untouched came since, and `sha` is its commit. `needed`: another environment
    waits for each commit to be healthy here first.
    """

    environment: str
    last: int
    last_sha: str
    origin: int
    sha: str
    footprint: Footprint
    needed: bool = False

    @property
    def name(self) -> str:
        """Name what stands: the deployment, and its commit."""
        return f"{self.last} {self.last_sha}"
