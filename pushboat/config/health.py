"""`health` of the operator's file: what makes a kind healthy for which Pushboat has no rule, or a worse one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from pushboat.cel import Expression, phrase, question
from pushboat.config.document import Document
from pushboat.config.schema import Section
from pushboat.model.wording import quoted

NAMES = ("object", "metadata", "spec", "status")
"""What an expression may speak of: the object, and its parts by their own names, as Flux has them."""
MOST_RULES = 200
_KIND = re.compile(r"([A-Za-z][A-Za-z0-9]{0,62})(?:\.([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRule:
    """The operator's word on one kind. `failed` is final; `reason` puts into words what is not healthy."""

    healthy: Expression
    failed: Expression | None = None
    progressing: Expression | None = None
    reason: Expression | None = None


Rules = Mapping[tuple[str, str], HealthRule]
"""By group and kind."""


def _kind(written: str) -> str:
    if not _KIND.fullmatch(written):
        raise ValueError("is the kind and its group, such as Widget.example.com, without a version")
    return written


def _question(written: str) -> str:
    question(written, NAMES)
    return written


def _phrase(written: str) -> str:
    phrase(written, NAMES)
    return written


Question = Annotated[str, AfterValidator(_question)]
Phrase = Annotated[str, AfterValidator(_phrase)]


class HealthSection(Section):
    """One kind's rule as it is written."""

    kind: Annotated[str, AfterValidator(_kind)] = Field(description="Kind.group, such as Widget.example.com")
    healthy: Question = Field(description="a CEL expression such as status.phase == 'Ready'")
    failed: Question = ""
    progressing: Question = ""
    reason: Phrase = ""

    def rule(self) -> HealthRule:
        """Give it compiled."""
        return HealthRule(
            healthy=question(self.healthy, NAMES),
            failed=question(self.failed, NAMES) if self.failed else None,
            progressing=question(self.progressing, NAMES) if self.progressing else None,
            reason=phrase(self.reason, NAMES) if self.reason else None,
        )


def rules(sections: Sequence[HealthSection]) -> Rules:
    """Give all rules by group and kind."""
    return {_group_kind(section.kind): section.rule() for section in sections}


def note_health(document: Document) -> None:
    """Note kinds that have two rules."""
    written = document.mapping().get("health")
    seen: dict[str, int] = {}
    for number, each in enumerate(written if isinstance(written, list) else ()):
        kind = each.get("kind") if isinstance(each, dict) else None
        if isinstance(kind, str) and seen.setdefault(kind, number) != number:
            document.note(("health", number, "kind"), f"{quoted(kind)} has a rule already: one rule per kind")


def _group_kind(written: str) -> tuple[str, str]:
    kind, _, group = written.partition(".")
    return group, kind
