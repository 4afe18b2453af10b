"""The nouns of policy: a rule, what it looks at, and what it finds there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pushboat.model.manifest import Manifest, Path

OFF: Final = "off"
WARN: Final = "warn"
DENY: Final = "deny"

BASELINE: Final = "pod-security-baseline"
RESTRICTED: Final = "pod-security-restricted"
HYGIENE: Final = "hygiene"
WIRING: Final = "wiring"
AVAILABILITY: Final = "availability"
"""Groups of rules, which stand for all of theirs where a policy is written."""

Body = Mapping[str, Any]
NOTHING: Body = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Where an object does not do as a rule has it: the field, and what is there, to be followed by what to do."""

    path: Path
    what: str
    by_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container of a pod; `starts_first` where it is no ordinary one: it runs before those, or beside them."""

    path: Path
    name: str
    body: Body
    security: Body
    starts_first: bool = False

    @property
    def security_path(self) -> Path:
        """Say where its security context stands."""
        return (*self.path, "securityContext")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """A pod, or the template of one: where it stands in its object, which is of `kind`."""

    kind: str
    path: Path
    annotations: Body
    labels: Body
    spec: Body
    security: Body
    containers: tuple[Container, ...]

    @property
    def spec_path(self) -> Path:
        """Say where its specification stands."""
        return (*self.path, "spec")

    @property
    def is_windows(self) -> bool:
        """Say whether it is for Windows, where parts of the Pod Security Standards mean nothing."""
        return mapping(self.spec.get("os")).get("name") == "windows"

    @property
    def has_own_users(self) -> bool:
        """Say whether root inside of it is nobody outside."""
        return self.spec.get("hostUsers") is False


OfPods = Callable[[Pod], Iterable[Hit]]
OfObjects = Callable[[Manifest], Iterable[Hit]]
OfAll = Callable[[Sequence[Manifest]], Iterable[tuple[Manifest, Hit]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it is called, why it is there, what to do, and what becomes of what it finds unless people say.

    It looks at pods, at single objects, or at all of an environment: at one of these.
    """

    name: str
    verdict: str
    groups: tuple[str, ...]
    reason: str
    fix: str
    pods: OfPods | None = None
    objects: OfObjects | None = None
    together: OfAll | None = None


def mapping(value: Any) -> Body:
    """Take what should be a mapping for one; what is none has no fields."""
    return value if isinstance(value, Mapping) else NOTHING


def listing(value: Any) -> Sequence[Any]:
    """Take what should be a list for one; what is none has no items."""
    return value if isinstance(value, list | tuple) else ()


def mappings(value: Any) -> Iterable[tuple[int, Body]]:
    """Give the items of a list that are mappings, each with its number."""
    return ((number, each) for number, each in enumerate(listing(value)) if isinstance(each, Mapping))


def at(body: Body, *path: str) -> Any:
    """Give what stands below some keys; None where nothing does."""
    found: Any = body
    for step in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(step)
    return found
