"""The one word that all tools' annotations are read into: frozen data, whichever tool said it.

A manifest without any has `NOTHING`. Two tools' words on one object are joined: Argo CD's hook stands before Helm's, as
Argo CD has it, and of two opposite wishes the one that writes, deletes or waits less counts.
"""

from dataclasses import dataclass, replace
from enum import Enum, IntEnum

from pushboat.model.wording import near_miss

LONGEST_HINT = 200
"""Characters; a list of everything that a tool knows helps nobody."""


class Phase(IntEnum):
    """Where in a deployment an object belongs; `ON_FAILURE` is reached only by one that failed."""

    BEFORE = 0
    SYNC = 1
    AFTER = 2
    ON_FAILURE = 3


class Occasion(Enum):
    """What a deployment is to its environment: Helm's hooks tell the first one from later ones."""

    FIRST = "the first deployment"
    LATER = "a later deployment"
    ROLLBACK = "a rollback"
    REMOVAL = "the environment's removal"


@dataclass(frozen=True, slots=True, order=True)
class Hook:
    """One run of an object: in which phase, of what sort of deployment; `said` is the tool's own word."""

    phase: Phase
    occasions: frozenset[Occasion]
    said: str


class DeleteWhen(Enum):
    """When a hook's object is deleted."""

    BEFORE_CREATION = "before it is made anew"
    SUCCEEDED = "once it succeeded"
    FAILED = "once it failed"


class Mode(IntEnum):
    """How an object is written; the larger one writes less and wins."""

    APPLY = 0
    MERGE = 1
    CREATE = 2
    EXPECT = 3
    IGNORE = 4


class Recreate(IntEnum):
    """When an object may be deleted and created again; the operator's `recreate` has the last word."""

    NEVER = 0
    WHERE_IMMUTABLE = 1
    INSTEAD_OF_UPDATE = 2


class Propagation(Enum):
    """What becomes of what an object owns when it is deleted; the API server's own words."""

    BACKGROUND = "Background"
    FOREGROUND = "Foreground"
    ORPHAN = "Orphan"


class Action(Enum):
    """What a rule of kapp is about."""

    UPSERT = "upsert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """A word that keeps an object from being deleted; one that only asks for a person's word gives way to it."""

    key: str
    said: str
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """Other objects that must be there first, by whatever of their names is said; `ready`: healthy too.

    `external` ones are not of this push; their `kind` may be a resource's name (`deployments`), as people wrote it.
    """

    key: str
    group: str | None = None
    version: str | None = None
    kind: str | None = None
    namespace: str | None = None
    name: str | None = None
    ready: bool = True
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An order between an object and all those of a group: this one's action comes after theirs, or before."""

    key: str
    action: Action
    after: bool
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What is wrong with one annotation, and what to do about it.

    `word` was perhaps meant to be one of `known`; which one is found out for those that are shown, not for thousands.
    """

    key: str
    wrong: str
    word: str = ""
    known: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Say it, with what was probably meant."""
        hint = near_miss(self.word, self.known)
        return f"{self.wrong}: {hint}" if 0 < len(hint) <= LONGEST_HINT else self.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Directives:
    """All that other tools' annotations say about one object.

    `is_hook` without `hooks` is one that never runs here (a test, `Skip`). `wave`, `hook_weight` and `weight` are what
    each tool calls its number; `order` is the one that counts. `waited` says whether the deployment waits for its
    health; `may_be_unknown` that its kind may come into being on the way. `leaves_after` must be gone before it goes.
    """

    is_hook: bool = False
    hooks: tuple[Hook, ...] = ()
    delete_when: frozenset[DeleteWhen] = frozenset()
    wave: int | None = None
    hook_weight: int | None = None
    weight: int | None = None
    mode: Mode = Mode.APPLY
    recreate: Recreate = Recreate.NEVER
    recreate_key: str = ""
    keeps: tuple[Keep, ...] = ()
    propagation: Propagation | None = None
    waited: bool = True
    may_be_unknown: bool = False
    dependencies: tuple[Dependency, ...] = ()
    leaves_after: tuple[Dependency, ...] = ()
    groups: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    slips: tuple[Slip, ...] = ()

    @property
    def order(self) -> int:
        """Number the wave."""
        if self.wave is not None:
            return self.wave
        if self.weight is not None:
            return self.weight
        return (self.hook_weight or 0) if self.is_hook else 0

    @property
    def never_runs(self) -> bool:
        """Say whether a hook runs in no deployment: a test, `Skip`, or one for the environment's removal."""
        return self.is_hook and all(hook.occasions == {Occasion.REMOVAL} for hook in self.hooks)

    @property
    def deleted_when(self) -> frozenset[DeleteWhen]:
        """Say when a hook's object is deleted; before it is made anew where nobody said."""
        return self.delete_when or frozenset({DeleteWhen.BEFORE_CREATION})


NOTHING = Directives()


def slip(key: str, wrong: str, word: str = "", known: tuple[str, ...] = ()) -> Directives:
    """Make the word of an annotation that is wrong."""
    return Directives(slips=(Slip(key=key, wrong=wrong, word=word, known=known),))


def joined(first: Directives, second: Directives) -> Directives:
    """Join two words on one object; the first one's hook and numbers stand before the second one's."""
    if second is NOTHING:
        return first
    if first is NOTHING:
        return second
    recreates = first if first.recreate >= second.recreate else second
    return replace(
        first,
        is_hook=first.is_hook or second.is_hook,
        hooks=first.hooks if first.is_hook else second.hooks,
        delete_when=first.delete_when | second.delete_when,
        wave=second.wave if first.wave is None else first.wave,
        hook_weight=second.hook_weight if first.hook_weight is None else first.hook_weight,
        weight=second.weight if first.weight is None else first.weight,
        mode=max(first.mode, second.mode),
        recreate=recreates.recreate,
        recreate_key=recreates.recreate_key,
        keeps=(*first.keeps, *second.keeps),
        propagation=first.propagation or second.propagation,
        waited=first.waited and second.waited,
        may_be_unknown=first.may_be_unknown or second.may_be_unknown,
        dependencies=(*first.dependencies, *second.dependencies),
        leaves_after=(*first.leaves_after, *second.leaves_after),
        groups=(*first.groups, *second.groups),
        rules=(*first.rules, *second.rules),
        slips=(*first.slips, *second.slips),
    )
