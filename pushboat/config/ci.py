"""`ci` of a project: which jobs of which CI may ask the API, by the token that their forge signs for each of them."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pushboat.config.document import Document
from pushboat.config.schema import Section
from pushboat.config.urls import web_address
from pushboat.config.values import environment_name
from pushboat.config.ways import has_name
from pushboat.model.api_token import Role
from pushboat.model.ci import ANY, BINDING, CiRule
from pushboat.model.reach import reach_of
from pushboat.model.wording import near_miss, quoted

MOST_RULES = 50
MOST_CLAIMS, LONGEST = 20, 500
"""Claims of a rule; characters of what one must be."""
OWN = frozenset({"iss", "aud", "exp", "nbf", "iat", "jti"})
"""Claims that are held against more than a rule, so that none may name them."""

Written = str | int | bool


def _issuer(url: str) -> str:
    web_address(url)
    return url


def _claims(written: dict[str, Written]) -> dict[str, Written]:
    for name, value in written.items():
        text = _plain(value)
        if name in OWN:
            raise ValueError(f"names {quoted(name)}, which is looked at in any case: leave it out")
        if not text or not text.isprintable() or len(text) > LONGEST:
            raise ValueError(f"must say for {quoted(name)} one line of at most {LONGEST} characters")
    if not any(name in written and ANY not in _plain(written[name]) for name in BINDING):
        raise ValueError(
            f"must name whose jobs they are, written out: one of {', '.join(BINDING)}; "
            "without it, any repository of that forge would be let in"
        )
    return written


def _plain(value: Written) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class CiSection(Section):
    """One rule as it is written."""

    issuer: Annotated[str, AfterValidator(_issuer)] = Field(
        description="who signs, such as https://token.actions.githubusercontent.com"
    )
    audience: str = Field(default="", max_length=LONGEST)
    claims: Annotated[dict[str, Written], AfterValidator(_claims)] = Field(
        max_length=MOST_CLAIMS, description="what the token must claim, such as {repository: acme/shop}"
    )
    role: Literal["viewer", "deployer"] = "viewer"
    environment: Annotated[str, AfterValidator(environment_name)] | None = None


def note_ci(document: Document, index: int) -> None:
    """Note rules of a project for an environment that it does not have."""
    project = document.mapping("projects", index)
    environments = document.mapping("projects", index, "environments")
    rules = project.get("ci")
    for number in range(len(rules) if isinstance(rules, list) else 0):
        name = document.mapping("projects", index, "ci", number).get("environment")
        if isinstance(name, str) and name not in environments and not any(map(has_name, environments)):
            hint = near_miss(name, environments) or "write it under environments"
            at = ("projects", index, "ci", number, "environment")
            document.note(at, f"this project has no environment {quoted(name)}: {hint}")


def ci_rules(repository: str, sections: Iterable[CiSection]) -> tuple[CiRule, ...]:
    """Make a project's rules; without an audience of their own they want our public address."""
    return tuple(
        CiRule(
            issuer=each.issuer,
            audience=each.audience,
            claims={name: _plain(value) for name, value in each.claims.items()},
            reach=reach_of(repository, each.environment or ""),
            role=Role(each.role),
        )
        for each in sections
    )
