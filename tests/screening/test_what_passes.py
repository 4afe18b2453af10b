"""Which findings refuse a commit, which are only said, and which are let pass: by the operator's word and the day."""

from datetime import UTC, datetime, timedelta

import pytest

from pushboat.config.policy import CREDENTIAL, DENY, LITERAL, WARN, Exemption, Policy
from pushboat.errors import Denied
from workers.deploying.screening import judged
from workers.review.credentials import Credential
from workers.review.literals import Literal

TODAY = datetime(2026, 11, 28, tzinfo=UTC).date()
FOUND = [
    Credential(file="deploy/a.yaml", line=3, column=9, sort="a GitHub token", characters=40),
    Credential(file="deploy/test/b.yaml", line=1, column=1, sort="a private key", characters=31),
]


def exempt(days: int, files: str = "deploy/test/*") -> Exemption:
    return Exemption(rule=CREDENTIAL, files=files, until=TODAY + timedelta(days=days), reason="the sandbox's")


def test_a_denied_finding_names_the_first_and_lists_all() -> None:
    with pytest.raises(Denied) as refused:
        judged(Policy(), {CREDENTIAL: FOUND}, TODAY)
    assert refused.value.summary == (
        "deploy/a.yaml:3:9: this looks like a GitHub token (40 characters) in plain text: take it out, revoke it, and "
        "keep the new one in an encrypted Secret (plaintext-credential) (and 1 more)"
    )
    assert len(refused.value.details.splitlines()) == 2


def test_a_warning_is_one_sentence() -> None:
    (said,) = judged(Policy(rules={CREDENTIAL: WARN}), {CREDENTIAL: FOUND}, TODAY)
    assert said.startswith("warning: deploy/a.yaml:3:9: this looks like a GitHub token")
    assert said.endswith("(plaintext-credential), and 1 more")


def test_an_exemption_counts_to_its_last_day_and_no_longer() -> None:
    assert judged(Policy(exemptions=(exempt(0),)), {CREDENTIAL: FOUND[1:]}, TODAY) == ()
    with pytest.raises(Denied, match="its exemption ended on 2026-11-27"):
        judged(Policy(exemptions=(exempt(-1),)), {CREDENTIAL: FOUND[1:]}, TODAY)
    assert judged(Policy(exemptions=(exempt(-1), exempt(5))), {CREDENTIAL: FOUND[1:]}, TODAY) == ()
    with pytest.raises(Denied, match=r"deploy/a\.yaml"):
        judged(Policy(exemptions=(exempt(9),)), {CREDENTIAL: FOUND}, TODAY)


def test_secrets_in_plain_text_are_a_warning_until_the_operator_wants_none() -> None:
    found = [Literal(file="a.yaml", place="a.yaml:1", ref="Secret/db", values=2)]
    (said,) = judged(Policy(), {LITERAL: found}, TODAY)
    assert said == (
        "warning: a.yaml:1: Secret/db has 2 values in plain text, for everybody who reads the repository: encrypt the "
        "file with SOPS, or let an operator for secrets bring it (secret-literal)"
    )
    with pytest.raises(Denied, match="secret-literal"):
        judged(Policy(rules={LITERAL: DENY}), {LITERAL: found}, TODAY)
    assert judged(Policy(), {LITERAL: []}, TODAY) == ()
