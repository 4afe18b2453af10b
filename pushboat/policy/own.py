"""Rules that people write themselves, in CEL, as ValidatingAdmissionPolicies are written: of an `object`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pushboat.cel import Expression
from pushboat.model.manifest import Manifest, Path
from pushboat.model.wording import printable

NAMES: Final = ("object", "oldObject", "namespaceObject")
"""What an expression may speak of. `oldObject` is null: nobody is asked what is there. So is an unknown namespace."""
LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One object that a rule is tried with, and what it must say of it: nothing, or something with these words."""

    body: Mapping[str, Any] = field(hash=False)
    passes: bool
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRule:
    """One rule: what has to be true of objects of some kinds (none: of all), and what is said where it is not.

    `pushed` says that it stands in a repository, where anybody may have written it.
    """

    name: str
    verdict: str
    kinds: tuple[tuple[str, str], ...] = ()
    valid: Expression
    message: str = ""
    phrase: Expression | None = None
    path: Path = ()
    trials: tuple[Trial, ...] = ()
    pushed: bool = False

    def is_about(self, manifest: Manifest) -> bool:
        """Say whether it is about an object's kind."""
        return not self.kinds or (manifest.ref.group, manifest.ref.kind) in self.kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a rule says of an object: a sentence, or why nobody knows."""

    sentence: str = ""
    trouble: str = ""


FINE: Final = Said()


def judged(rule: OwnRule, body: Mapping[str, Any], space: Mapping[str, Any] | None) -> Said:
    """Ask a rule about an object that lives in a namespace; what is not surely true is not true."""
    values = {"object": body, "oldObject": None, "namespaceObject": space}
    answer = rule.valid.answer(values)
    if answer.trouble or not isinstance(answer.value, bool):
        return Said(trouble=answer.trouble or "it comes out as neither true nor false")
    return FINE if answer.value else Said(sentence=_sentence(rule, values))


def _sentence(rule: OwnRule, values: Mapping[str, Any]) -> str:
    """Put it into words; an expression that gives none leaves the plain message, as Kubernetes does."""
    said = rule.phrase.answer(values) if rule.phrase else None
    if said is not None and isinstance(said.value, str) and said.value.strip() and not said.trouble:
        return printable(said.value.strip(), LONGEST_MESSAGE)
    return rule.message or f"{printable(rule.valid.text, LONGEST_MESSAGE)} is not true of it"
