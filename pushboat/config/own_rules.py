"""`rules`: what people ask of objects beside what Pushboat brings along, in CEL, each with objects to try it with.

The operator's rules hold everywhere. A repository's hold for its own environments, beside them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from pushboat.cel import phrase, question
from pushboat.config.document import Document
from pushboat.config.schema import Section
from pushboat.model.manifest import Path
from pushboat.model.wording import quoted
from pushboat.policy.own import LONGEST_MESSAGE, NAMES, OwnRule, Trial
from pushboat.policy.table import GROUPS, RULES
from pushboat.policy.words import DENY

MOST_OWN = 100
MOST_TRIALS = 50
_NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_KIND = re.compile(r"([A-Za-z][A-Za-z0-9]{0,62})(?:\.([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?))?")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9_-]{1,63}){0,19}")


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("must be lower-case letters, digits and dashes, such as team-label")
    return name


def _kind(written: str) -> str:
    if not _KIND.fullmatch(written):
        raise ValueError("is the kind and its group, such as Deployment.apps or Service, without a version")
    return written


def _valid(written: str) -> str:
    question(written, NAMES)
    return written


def _phrase(written: str) -> str:
    phrase(written, NAMES)
    return written


def _field(written: str) -> str:
    if not _FIELD.fullmatch(written):
        raise ValueError("is a field with dots between its steps, such as spec.replicas")
    return written


class TrialSection(Section):
    """One object that a rule is tried with, as it is written."""

    passes: dict[str, Any] = Field(default_factory=dict, description="an object of which the rule says nothing")
    fails: dict[str, Any] = Field(default_factory=dict, description="an object that the rule is against")
    says: str = ""

    def trial(self) -> Trial:
        """Make the trial."""
        return Trial(body=self.passes or self.fails, passes=bool(self.passes), says=self.says)


class OwnRuleSection(Section):
    """One rule as it is written."""

    name: Annotated[str, AfterValidator(_named)] = Field(description="what it is called, such as team-label")
    kinds: list[Annotated[str, AfterValidator(_kind)]] = Field(default_factory=list, max_length=100)
    valid: Annotated[str, AfterValidator(_valid)] = Field(
        description="a CEL expression that is true of what is right, such as has(object.metadata.labels)"
    )
    message: str = Field(default="", max_length=LONGEST_MESSAGE)
    message_expression: Annotated[str, AfterValidator(_phrase)] = ""
    field: Annotated[str, AfterValidator(_field)] = ""
    verdict: Literal["warn", "deny"] = DENY
    tests: list[TrialSection] = Field(default_factory=list, max_length=MOST_TRIALS)

    def rule(self, *, pushed: bool) -> OwnRule:
        """Give it compiled."""
        return OwnRule(
            name=self.name,
            verdict=self.verdict,
            kinds=tuple(map(_group_kind, self.kinds)),
            valid=question(self.valid, NAMES),
            message=self.message,
            phrase=phrase(self.message_expression, NAMES) if self.message_expression else None,
            path=_path(self.field),
            trials=tuple(each.trial() for each in self.tests),
            pushed=pushed,
        )


_ELSEWHERE = (
    "plaintext-credential",
    "credential-elsewhere",
    "secret-literal",
    "admission-policy",
    "mutable-tag",
    "rego",
)
"""What findings of other looks are called: verdicts and exemptions of those are not a rule's that somebody brings."""


def own_rules(sections: Sequence[OwnRuleSection], *, pushed: bool) -> tuple[OwnRule, ...]:
    """Give all of them compiled; `pushed` ones stand in a repository."""
    return tuple(section.rule(pushed=pushed) for section in sections)


def names_in(document: Document) -> list[str]:
    """Give the names of the rules of a file, as far as they can be read."""
    return [name for _, each in _written(document) if isinstance(name := each.get("name"), str)]


def note_own_rules(document: Document, others: Iterable[str] = ()) -> None:
    """Note rules that are called as another is, and trials that say both or nothing."""
    seen = {*RULES, *GROUPS, *_ELSEWHERE, *others}
    for number, each in _written(document):
        name = each.get("name")
        if isinstance(name, str):
            if name in seen:
                document.note(("rules", number, "name"), f"there is a rule {quoted(name)} already: call it differently")
            seen.add(name)
        tests = each.get("tests")
        for index, test in enumerate(tests if isinstance(tests, list) else ()):
            if isinstance(test, dict) and bool(test.get("passes")) == bool(test.get("fails")):
                document.note(("rules", number, "tests", index), "a test has one object: under passes, or under fails")


def _written(document: Document) -> list[tuple[int, Mapping[str, Any]]]:
    written = document.mapping().get("rules")
    return [
        (number, each)
        for number, each in enumerate(written if isinstance(written, list) else ())
        if isinstance(each, dict)
    ]


def _group_kind(written: str) -> tuple[str, str]:
    kind, _, group = written.partition(".")
    return group, kind


def _path(written: str) -> Path:
    return tuple(int(step) if step.isdigit() else step for step in written.split(".")) if written else ()
