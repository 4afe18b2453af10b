"""`policy`: what becomes of findings about secrets, and which ones pass for a while; the operator alone says so."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from pushboat.config.globs import Glob, Globs
from pushboat.config.schema import Section
from pushboat.config.values import word_of_off

CREDENTIAL: Final = "plaintext-credential"
LITERAL: Final = "secret-literal"
OFF: Final = "off"
WARN: Final = "warn"
DENY: Final = "deny"
MOST_EXEMPTIONS = 100
LONGEST_REASON = 200
_Verdict = Annotated[Literal["off", "warn", "deny"], BeforeValidator(word_of_off)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Files in which a rule finds what is known: until a day, and for a reason."""

    rule: str
    files: str
    until: date
    reason: str

    def concerns(self, rule: str, file: str) -> bool:
        """Say whether it is about what a rule found in a file."""
        return self.rule == rule and Globs([self.files]).match(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What becomes of what each rule finds: off, warn or deny."""

    plaintext_credential: str = DENY
    secret_literal: str = WARN
    exemptions: tuple[Exemption, ...] = ()

    def verdict(self, rule: str) -> str:
        """Say what becomes of what a rule finds."""
        return self.plaintext_credential if rule == CREDENTIAL else self.secret_literal

    def exemption(self, rule: str, file: str) -> Exemption | None:
        """Give the exemption of a file that lasts longest, whether it has ended or not."""
        found = [each for each in self.exemptions if each.concerns(rule, file)]
        return max(found, key=lambda each: each.until, default=None)


STANDARD = Policy()


class RulesSection(Section):
    """The rules as they are written."""

    plaintext_credential: _Verdict = Field(default=DENY, alias=CREDENTIAL)
    secret_literal: _Verdict = Field(default=WARN, alias=LITERAL)


def _day(written: object) -> date:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        raise ValueError("is no day: write 2027-01-31") from None


def _some_reason(text: str) -> str:
    if not text.strip():
        raise ValueError("must say why, so that somebody knows in a year")
    return text


class ExemptionSection(Section):
    """One exemption as it is written."""

    rule: Literal["plaintext-credential", "secret-literal"]
    files: Glob = Field(description="a glob of paths in the repository, such as deploy/test/*.yaml")
    until: Annotated[date, PlainValidator(_day)] = Field(
        description="the last day on which it counts, such as 2027-01-31"
    )
    reason: Annotated[str, AfterValidator(_some_reason)] = Field(max_length=LONGEST_REASON)

    def exemption(self) -> Exemption:
        """Make the exemption."""
        return Exemption(rule=self.rule, files=self.files, until=self.until, reason=self.reason)


class PolicySection(Section):
    """The section as it is written."""

    rules: RulesSection = Field(default_factory=RulesSection)
    exemptions: list[ExemptionSection] = Field(default_factory=list, max_length=MOST_EXEMPTIONS)

    def policy(self) -> Policy:
        """Make the policy."""
        return Policy(
            plaintext_credential=self.rules.plaintext_credential,
            secret_literal=self.rules.secret_literal,
            exemptions=tuple(each.exemption() for each in self.exemptions),
        )
