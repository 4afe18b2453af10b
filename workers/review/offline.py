"""What can be known of a cluster that nobody asks: a minor version of Kubernetes, and the definitions of the same push.

Kinds of others' definitions are taken as they come. Only where the push itself defines a kind is another version of it,
or a kind that is almost called like it, a mistake.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from pushboat.model.manifest import Manifest
from workers.review.arriving import meant
from workers.review.defining import served_by
from workers.review.minors import Minor
from workers.review.schema.compiling import Compiled
from workers.review.schema.definitions import is_definition
from workers.review.unserved import is_of_kubernetes
from workers.review.words import Kind


class Offline:
    """A cluster of a minor version with every API of Kubernetes turned on, and the definitions of one push."""

    asked = False

    def __init__(self, minor: Minor, manifests: Iterable[Manifest] = ()) -> None:
        self.minor = minor.name
        self._builtin = minor
        self._brought: dict[Kind, bool] = {}
        for each in manifests:
            if is_definition(each):
                self._brought.update(served_by(each.body))

    @property
    def name(self) -> str:
        """Say what it is, in the middle of a sentence."""
        return f"Kubernetes {self.minor}"

    def namespaced(self, group: str, version: str, kind: str) -> bool | None:
        """Say whether objects of a kind live in namespaces; None where it is surely not served."""
        built_in = self._builtin.kinds.get((group, version, kind))
        if built_in is not None or is_of_kubernetes(group):
            return built_in
        brought = self._brought.get((group, version, kind))
        if brought is not None:
            return brought
        names = self.kinds_of(group)
        return None if kind in names or meant(kind, names) else True

    def kinds_of(self, group: str) -> Collection[str]:
        """Name the kinds of a group that are known."""
        return {name for of, _, name in (*self._builtin.kinds, *self._brought) if of == group}

    def api_versions(self, kind: str) -> Sequence[str]:
        """List under which API versions kinds of a name are served, the preferred one of each group."""
        found: dict[str, str] = {}
        for group, version, name in (*self._builtin.kinds, *self._brought):
            if name == kind:
                found.setdefault(group, f"{group}/{version}" if group else version)
        return [found[group] for group in sorted(found)]

    def published(self, _wanted: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Compiled]:
        """Give the schemas of all that Kubernetes itself serves."""
        return self._published

    @cached_property
    def _published(self) -> Mapping[tuple[str, str], Compiled]:
        return {(group, version): self._builtin.compiled for group, version, _ in self._builtin.kinds}
