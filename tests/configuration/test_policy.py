"""What becomes of findings about secrets: the operator's word, with a day and a reason for each exemption."""

from datetime import date
from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.config.policy import CREDENTIAL, DENY, LITERAL, OFF, STANDARD, WARN, Policy
from tests.configuration.marked import unmarked
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP, mistakes_of

EXEMPTION = "rule: plaintext-credential, files: 'deploy/test/*', until: 2027-01-31, reason: the sandbox's"


def written(more: str = "") -> str:
    return FORGES + CLUSTERS + SHOP + f"      qa: {{cluster: dev, namespaces: [a]{more}}}\n"


def policy_of(text: str, folder: Path) -> Policy:
    return (
        operator.parse(text, folder / "pushboat.yaml", ENVIRON).projects["github/acme/shop"].environments["qa"].policy
    )


def test_nothing_said_denies_credentials_and_warns_of_literals(tmp_path: Path) -> None:
    assert policy_of(written(), tmp_path) == STANDARD
    assert (STANDARD.verdict(CREDENTIAL), STANDARD.verdict(LITERAL)) == (DENY, WARN)


def test_rules_and_exemptions_are_read(tmp_path: Path) -> None:
    said = f", policy: {{rules: {{plaintext-credential: off, secret-literal: deny}}, exemptions: [{{{EXEMPTION}}}]}}"
    policy = policy_of(written(said), tmp_path)
    assert (policy.verdict(CREDENTIAL), policy.verdict(LITERAL)) == (OFF, DENY)
    found = policy.exemption(CREDENTIAL, "deploy/test/a.yaml")
    assert found
    assert (found.until, found.reason) == (date(2027, 1, 31), "the sandbox's")
    assert not policy.exemption(CREDENTIAL, "deploy/live/a.yaml")
    assert not policy.exemption(LITERAL, "deploy/test/a.yaml")


MISTAKES = {
    "another word": ("{rules: {plaintext-credential: ¦maybe}}", "must be"),
    "another rule": (
        "{rules: {¦plain-text: deny}}",
        "there is no rule 'plain-text': did you mean 'plaintext-credential'?",
    ),
    "no reason": ("{exemptions: [{rule: secret-literal, files: a, until: 2027-01-31, reason: ¦' '}]}", "must say why"),
    "no day": (
        "{exemptions: [{rule: secret-literal, files: a, until: ¦soon, reason: x}]}",
        "is no day: write 2027-01-31",
    ),
    "for ever": ("{exemptions: [¦{rule: secret-literal, files: a, reason: x}]}", "'until' is missing"),
}


@pytest.mark.parametrize(("marked", "message"), MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_is_told_at_its_place(marked: str, message: str, tmp_path: Path) -> None:
    text, line, column = unmarked(written(f", policy: {marked}"))
    (mistake,) = mistakes_of(text, tmp_path)
    assert (mistake.line, mistake.column) == (line, column)
    assert message in mistake.message


NO_DAYS = {
    "a week's day": "2027-W05-7",
    "digits alone": "20270131",
    "a day that no year has": "2027-02-30",
    "the 29th of a year without one": "2027-02-29",
    "a moment": "2027-01-31T00:00:00Z",
    "a day with a zone": "2027-01-31+01:00",
    "one digit": "2027-1-31",
    "another order": "31.01.2027",
    "a list": "[2027-01-31]",
}


@pytest.mark.parametrize("until", NO_DAYS.values(), ids=NO_DAYS)
def test_a_day_is_written_in_one_way(until: str, tmp_path: Path) -> None:
    """What I write another way is refused, and never taken for a day that I did not mean."""
    exemption = f"{{exemptions: [{{rule: host-path, files: a, reason: x, until: ¦{until}}}]}}"
    text, line, column = unmarked(written(f", policy: {exemption}"))
    (mistake,) = mistakes_of(text, tmp_path)
    assert (mistake.line, mistake.column) == (line, column)
    assert "is no day: write 2027-01-31" in mistake.message


@pytest.mark.parametrize("until", ["2028-02-29", "'2028-02-29'", '"2028-02-29"'])
def test_a_day_may_be_quoted(until: str, tmp_path: Path) -> None:
    said = f", policy: {{exemptions: [{{rule: host-path, files: a, reason: x, until: {until}}}]}}"
    assert policy_of(written(said), tmp_path).exemptions[0].until == date(2028, 2, 29)
