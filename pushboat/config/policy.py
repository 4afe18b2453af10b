"""`policy`: what becomes of what each rule finds, and what passes for a while; the operator alone says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from pushboat.cel import question
from pushboat.config.document import At, Document
from pushboat.config.globs import Glob, Globs
from pushboat.config.rego import RegoFile, WrittenRego, rego_files
from pushboat.config.schema import Section
from pushboat.config.values import day, word_of_off
from pushboat.model.wording import near_miss, quoted
from pushboat.policy.subjects import NAMES, CommitRule
from pushboat.policy.table import GROUPS, RULES
from pushboat.policy.words import DENY, OFF, WARN

__all__ = ["DENY", "OFF", "WARN", "Exemption", "Policy"]

CREDENTIAL: Final = "plaintext-credential"
ELSEWHERE: Final = "credential-elsewhere"
LITERAL: Final = "secret-literal"
OF_SECRETS: Final[Mapping[str, str]] = {CREDENTIAL: DENY, ELSEWHERE: WARN, LITERAL: WARN}
"""The rules that look at files and at where Secrets come from, with what becomes of what they find."""
MOST_EXEMPTIONS = 100
MOST_RULES = 500
MOST_OF_COMMITS = 20
MOST_PLACES = 20
REGO: Final = "rego"
"""What findings of policies in Rego are called, whichever of them says it."""
LONGEST_REASON = 200
Verdict = Annotated[Literal["off", "warn", "deny"], BeforeValidator(word_of_off)]


@lru_cache(maxsize=MOST_EXEMPTIONS)
def _globs(files: str) -> Globs:
    """Take an exemption's glob apart once, not for each finding that it is held against."""
    return Globs([files])


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Files in which a rule finds what is known: until a day, and for a reason."""

    rule: str
    files: str
    until: date
    reason: str

    def concerns(self, rule: str, file: str) -> bool:
        """Say whether it is about what a rule found in a file."""
        return self.rule == rule and _globs(self.files).match(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What becomes of what each rule finds, as far as people said it: by the rule's name, or by its group's."""

    rules: Mapping[str, str] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()
    commits: tuple[CommitRule, ...] = ()
    rego: tuple[RegoFile, ...] = ()

    def verdict(self, rule: str, usual: str = OFF) -> str:
        """Say what becomes of what a rule finds; `usual` is for one that Pushboat does not bring along."""
        groups: tuple[str, ...] = ()
        if rule in OF_SECRETS:
            usual = OF_SECRETS[rule]
        elif rule in RULES:
            groups, usual = RULES[rule].groups, RULES[rule].verdict
        said = (self.rules[name] for name in (rule, *groups) if name in self.rules)
        return next(said, usual)

    def exemption(self, rule: str, file: str) -> Exemption | None:
        """Give the exemption of a file that lasts longest, whether it has ended or not."""
        found = [each for each in self.exemptions if each.concerns(rule, file)]
        return max(found, key=lambda each: each.until, default=None)


STANDARD = Policy()


def _some_reason(text: str) -> str:
    if not text.strip():
        raise ValueError("must say why, so that somebody knows in a year")
    return text


class ExemptionSection(Section):
    """One exemption as it is written."""

    rule: str = Field(description="the name of a rule, such as host-path")
    files: Glob = Field(description="a glob of paths in the repository, such as deploy/test/*.yaml")
    until: Annotated[date, PlainValidator(day)] = Field(
        description="the last day on which it counts, such as 2027-01-31"
    )
    reason: Annotated[str, AfterValidator(_some_reason)] = Field(max_length=LONGEST_REASON)

    def exemption(self) -> Exemption:
        """Make the exemption."""
        return Exemption(rule=self.rule, files=self.files, until=self.until, reason=self.reason)


def _valid(written: str) -> str:
    question(written, NAMES)
    return written


class CommitSection(Section):
    """One rule about a commit's message as it is written."""

    name: str = Field(min_length=1, max_length=63, description="what it is called, such as conventional-subject")
    valid: Annotated[str, AfterValidator(_valid)] = Field(
        description="a CEL expression that is true of what is right, such as subject.size() <= 72"
    )
    message: str = Field(min_length=1, max_length=LONGEST_REASON, description="what to do where it is not true")
    verdict: Literal["warn", "deny"] = DENY

    def rule(self) -> CommitRule:
        """Make the rule."""
        valid = question(self.valid, NAMES)
        return CommitRule(name=self.name, valid=valid, message=self.message, verdict=self.verdict)


class PolicySection(Section):
    """The section as it is written."""

    rules: dict[str, Verdict] = Field(default_factory=dict, max_length=MOST_RULES)
    exemptions: list[ExemptionSection] = Field(default_factory=list, max_length=MOST_EXEMPTIONS)

    commits: list[CommitSection] = Field(default_factory=list, max_length=MOST_OF_COMMITS)
    rego: list[WrittenRego] = Field(default_factory=list, max_length=MOST_PLACES)

    def policy(self) -> Policy:
        """Make the policy."""
        return Policy(
            rules=dict(self.rules),
            exemptions=tuple(each.exemption() for each in self.exemptions),
            commits=tuple(each.rule() for each in self.commits),
            rego=rego_files(self.rego),
        )


def note_policy(document: Document, at: At, own: Iterable[str]) -> None:
    """Note rules that nobody has, in the section at a place; `own` are those of the file itself."""
    written = document.mapping(*at)
    single = {*OF_SECRETS, *RULES, *own, REGO}
    rules = written.get("rules")
    for name in rules if isinstance(rules, dict) else ():
        _note_unknown(document, (*at, "rules", name), name, single | set(GROUPS), key=True)
    exemptions = written.get("exemptions")
    for number, each in enumerate(exemptions if isinstance(exemptions, list) else ()):
        if isinstance(each, dict) and isinstance(each.get("rule"), str):
            _note_unknown(document, (*at, "exemptions", number, "rule"), each["rule"], single, key=False)


def _note_unknown(document: Document, at: At, name: Any, known: Iterable[str], *, key: bool) -> None:
    if name not in known:
        document.note(at, f"there is no rule {quoted(str(name))}: {near_miss(str(name), known)}", key=key)
