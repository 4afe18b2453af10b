"""What people ask of a commit's message, in CEL: of its `subject`, its `body`, and whether it `is_merge`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pushboat.cel import Expression
from pushboat.policy.own import FINE, Said

NAMES: Final = ("subject", "body", "is_merge")
LONGEST = 10_000
"""Characters of a message that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitRule:
    """One rule about the commit that is deployed."""

    name: str
    valid: Expression
    message: str
    verdict: str


def judged(rule: CommitRule, raw: bytes) -> Said:
    """Ask a rule about a commit as git keeps it."""
    answer = rule.valid.answer(_values(raw))
    if answer.trouble or not isinstance(answer.value, bool):
        return Said(trouble=answer.trouble or "it comes out as neither true nor false")
    return FINE if answer.value else Said(sentence=rule.message)


def _values(raw: bytes) -> Mapping[str, Any]:
    head, _, message = raw.partition(b"\n\n")
    text = message.decode("utf-8", "replace")[:LONGEST].strip()
    subject, _, body = text.partition("\n")
    parents = sum(line.startswith(b"parent ") for line in head.split(b"\n"))
    return {"subject": subject.strip(), "body": body.strip(), "is_merge": parents > 1}
