"""What everybody who reads the repository would read of a commit: credentials in files, and Secrets in plain text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pushboat.config.policy import CREDENTIAL, DENY, ELSEWHERE, LITERAL, OFF, Policy
from workers.deploying.clear_text import F, credentials_beside_it, credentials_of, literals_of, staying
from workers.render.choosing import Rendered
from workers.review.words import Finding, Weight, told
from workers.source.checkout import CheckedOut
from workers.source.unrendered import Unrendered


def in_files(out: CheckedOut, policy: Policy) -> Iterator[Finding]:
    """Find credentials; which of them the release that runs has already, nobody knows here."""
    if policy.verdict(CREDENTIAL) != OFF:
        yield from _found(policy, CREDENTIAL, credentials_of(out))


def unread(beside: Unrendered, policy: Policy) -> Iterator[Finding]:
    """Find credentials in files that no render reads: in the environment's folder, and elsewhere."""
    for rule, own in ((CREDENTIAL, True), (ELSEWHERE, False)):
        if policy.verdict(rule) != OFF:
            yield from _found(policy, rule, credentials_beside_it(beside, own=own))


def in_secrets(made: Rendered, policy: Policy) -> Iterator[Finding]:
    """Find Secrets whose values are not encrypted."""
    if policy.verdict(LITERAL) != OFF:
        yield from _found(policy, LITERAL, literals_of(made))


def _found(policy: Policy, rule: str, found: Sequence[F]) -> Iterator[Finding]:
    weight = Weight.ERROR if policy.verdict(rule) == DENY else Weight.WARNING
    for sentence in staying(policy, rule, found, datetime.now(UTC).date()):
        yield replace(told(rule, sentence), weight=weight)
