"""What the rules of warnings look at: each object as it is and as it will be, and what else the cluster has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pushboat.model.changeset import Action, FieldChange
from pushboat.model.manifest import Ref
from workers.cluster.objects import Object


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """One object: what is there (`before`) and what will be (`after`); None where there is nothing.

    `tried` says that the API server has said so; else `after` is the manifest alone.
    """

    ref: Ref
    action: Action
    before: Object | None = field(default=None, repr=False)
    after: Object | None = field(default=None, repr=False)
    fields: tuple[FieldChange, ...] = ()
    tried: bool = True

    @property
    def comes_or_changes(self) -> bool:
        """Say whether it will be there, other than it is."""
        return self.after is not None and self.action in (Action.CREATED, Action.CONFIGURED, Action.RECREATED)

    def changed(self, *places: str) -> tuple[FieldChange, ...]:
        """List what changes at or below some places, written as people do."""
        return tuple(each for each in self.fields if any(is_at(each.path, place) for place in places))


@dataclass(frozen=True, kw_only=True)
class Prospects:
    """All objects of a plan, and what of the cluster's others was looked up: pods and PodDisruptionBudgets."""

    objects: tuple[Prospect, ...]
    pods: tuple[Object, ...] = field(default=(), repr=False)
    budgets: tuple[Object, ...] = field(default=(), repr=False)

    @cached_property
    def by_namespace(self) -> Mapping[str, tuple[Prospect, ...]]:
        """Sort the objects by their namespaces."""
        sorted_: dict[str, list[Prospect]] = {}
        for each in self.objects:
            sorted_.setdefault(each.ref.namespace, []).append(each)
        return {namespace: tuple(some) for namespace, some in sorted_.items()}

    def beside(self, prospect: Prospect) -> tuple[Prospect, ...]:
        """List the objects in the same namespace."""
        return self.by_namespace.get(prospect.ref.namespace, ())


def is_at(path: str, place: str) -> bool:
    """Say whether a written path is a place or below it."""
    return path.startswith(place) and path[len(place) :][:1] in ("", ".", "[")


def part(body: Mapping[str, Any] | None, *keys: str) -> Mapping[str, Any]:
    """Read a mapping inside a body; what people wrote may be of any shape."""
    value: Any = body
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def items(body: Mapping[str, Any] | None, *keys: str) -> Iterator[Mapping[str, Any]]:
    """Read the mappings of a list inside a body."""
    value = part(body, *keys[:-1]).get(keys[-1])
    yield from (each for each in value if isinstance(each, Mapping)) if isinstance(value, list) else ()
