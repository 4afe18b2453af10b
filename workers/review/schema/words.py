"""The nouns of schemas: a rule is one compiled schema, a fault is one place where a value breaks it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

Path = tuple[str | int, ...]
Judge = Callable[[Any], str]
"""Says what is wrong with a value, or nothing."""
ABSENT = object()
"""The default of a key that has none."""


class Shape(Enum):
    """What a value must be. `ANY` is not looked into; `QUANTITY` is text or a number."""

    ANY = auto()
    OBJECT = auto()
    LIST = auto()
    TEXT = auto()
    INTEGER = auto()
    NUMBER = auto()
    BOOLEAN = auto()
    WHOLE_OR_TEXT = auto()
    QUANTITY = auto()


class Breach(Enum):
    """What is broken. Rules on values may hold less for an object that is there already (`VALUE`, `MISSING`), and a
    null may be left out on its way to the server (`NULL`)."""

    UNKNOWN = auto()
    SHAPE = auto()
    TWICE = auto()
    MISSING = auto()
    NULL = auto()
    VALUE = auto()


class ListKind(Enum):
    """How the items of a list are told apart: by nothing, by themselves, or by some of their fields."""

    ATOMIC = auto()
    SET = auto()
    MAP = auto()


@dataclass(slots=True, kw_only=True, eq=False)
class Rule:
    """One compiled schema. Not frozen: schemas may hold themselves, so a rule is named first and filled later.

    `types` are the Python types of a right value, and of `simple` ones no more is asked. `fields` are an object's known
    ones, `values` holds for all others, `is_open` lets any other in; of the `required` ones, `nothing` is as good as
    none. `keys` tell a list's items apart, each with its default. `judges` look at the value alone.
    """

    shape: Shape = Shape.ANY
    types: frozenset[type] = frozenset()
    simple: frozenset[type] = frozenset()
    fields: Mapping[str, "Rule"] = field(default_factory=dict)
    values: "Rule | None" = None
    is_open: bool = False
    required: tuple[str, ...] = ()
    nothing: tuple[Any, ...] = (None,)
    item: "Rule | None" = None
    list_kind: ListKind = ListKind.ATOMIC
    keys: tuple[tuple[str, Any], ...] = ()
    judges: tuple[Judge, ...] = ()
    is_nullable: bool = False
    refuses_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One mistake: where it stands in the object, and what to do.

    `quote` says that quotation marks mend it, and then `value` is what stands there without them. `near` is the known
    field that is most like an unknown one.
    """

    path: Path
    breach: Breach
    message: str
    quote: bool = False
    value: Any = field(default=None, repr=False, compare=False)
    near: str = field(default="", repr=False, compare=False)


def dotted(path: Path) -> str:
    """Print a path as people write it: `spec.containers[0].name`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
