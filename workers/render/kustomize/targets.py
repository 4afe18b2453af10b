"""Which objects a patch is for: those that its target selects, else the one that it names itself."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node

from workers.render.kustomize.fields import scalars
from workers.render.kustomize.identities import Identity

_PLAIN = re.compile(r"[\w.-]*")


@dataclass(frozen=True, slots=True)
class Target:
    """What an object must be; a part that is empty does not matter. Labels are not known here, and do not either."""

    group: str
    kind: str
    name: str
    namespace: str
    exact: bool

    def fits(self, identity: Identity, names: Collection[str]) -> bool:
        """Say whether an object is meant, under any of the names that it has had."""
        parts = ((self.group, identity.group), (self.kind, identity.kind), (self.namespace, identity.namespace))
        named = any(self._is(self.name, name) for name in names)
        return named and all(not wanted or self._is(wanted, has) for wanted, has in parts if not self.exact or has)

    def _is(self, wanted: str, has: str) -> bool:
        """Compare with a word or a simple pattern; what Python would search for ever is taken to fit, and not tried."""
        if self.exact or not wanted:
            return not wanted or wanted == has
        parts = wanted.removeprefix("^").removesuffix("$").split(".*")
        if not all(map(_PLAIN.fullmatch, parts)):
            return True
        if len(parts) == 1:
            return parts[0] == has
        return has.startswith(parts[0]) and has[len(parts[0]) :].endswith(parts[-1]) and all(p in has for p in parts)


def target_of(entry: MappingNode | None, patch: Node | None) -> Target:
    """Read what a patch is for: `target` of its entry, else its own kind and name."""
    if entry is not None and any(str(key.value).casefold() == "target" for key, _ in entry.value):
        group, kind, name, namespace = (
            _word(entry, ("target", part)) for part in ("group", "kind", "name", "namespace")
        )
        return Target(group, kind, name, namespace, exact=False)
    group = _word(patch, ("apiversion",)).rpartition("/")[0]
    return Target(group, _word(patch, ("kind",)), _word(patch, ("metadata", "name")), "", exact=True)


def _word(node: Node | None, names: tuple[str, ...]) -> str:
    return next((str(word.value) for word in scalars(node, names)), "")
