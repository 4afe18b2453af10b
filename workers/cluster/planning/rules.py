"""What the two files say about other people's fields: whose objects may be taken over, who are people, what is left."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pushboat.config.environment import Environment
from pushboat.config.ignoring import Ignored
from pushboat.model.manifest import Ref
from workers.cluster.fieldsets import Steps, names
from workers.cluster.masking import NO_TOKENS, Tokens
from workers.cluster.paths import steps_of
from workers.cluster.planning.managers import ANY, KUBECTL


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One environment's rules; `cause` says in a line which deployment this is, for the workloads that it changes."""

    environment: str = ""
    adopt: tuple[str, ...] = (KUBECTL,)
    people: tuple[str, ...] = ()
    ignore: tuple[Ignored, ...] = ()
    recreate: tuple[str, ...] = ()
    cause: str = ""
    tokens: Tokens = NO_TOKENS

    def allow(self, word: str) -> bool:
        """Say whether a tool's objects may be taken over."""
        return ANY in self.adopt or word in self.adopt

    def may_recreate(self, ref: Ref) -> bool:
        """Say whether an object may be deleted and created again, where a field of it cannot change."""
        return ref.kind in self.recreate

    def ignored(self, ref: Ref) -> tuple[str, ...]:
        """List the fields of an object that are left alone."""
        if not self.ignore:
            return ()
        concerned = (rule for rule in self.ignore if rule.concerns(ref.group, ref.kind, ref.name))
        return tuple(dict.fromkeys(field for rule in concerned for field in rule.fields))


def rules_of(environment: Environment, tokens: Tokens = NO_TOKENS, cause: str = "") -> Rules:
    """Read an environment's rules; `tokens` are what stands for its secret values."""
    return Rules(
        environment=environment.name,
        adopt=environment.adopt,
        people=environment.people,
        ignore=environment.ignore,
        recreate=environment.recreate,
        cause=cause,
        tokens=tokens,
    )


def among(written: Iterable[str]) -> Callable[[Steps], bool]:
    """Make a test for paths of field sets that are meant by words such as `spec.containers[app].image`."""
    wanted = [steps_of(each) for each in written]

    def meant(steps: Steps) -> bool:
        return any(
            len(parts) == len(steps)
            and all(
                part in names(step) or (part == "*" and bracketed)
                for (part, bracketed), step in zip(parts, steps, strict=True)
            )
            for parts in wanted
        )

    return meant
