"""`gates`: whom Pushboat asks before a deployment starts, or before it counts as done; the operator alone says so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator

from pushboat.config.schema import Section
from pushboat.config.secret import SecretSource
from pushboat.config.urls import asked_address, host_of, shows_tokens
from pushboat.config.values import DnsLabel, Duration

MOST_GATES = 10
LONGEST_ANSWER_SECONDS = 60.0
"""Seconds that one answer may take; a worker's hand waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Somebody who is asked. `when` is before, after or both; `timeout` is for one answer, `patience` for a clear one.

    Both in seconds. `secret` signs the question.
    """

    name: str
    url: str
    secret: str = field(repr=False)
    when: str = "before"
    timeout: float = 10.0
    patience: float = 3600.0

    def is_asked(self, when: str) -> bool:
        """Say whether it is asked `before` or `after`."""
        return self.when in (when, "both")


def _gates_address(url: str) -> str:
    """Accept an address whose answer nobody on the way can give."""
    if shows_tokens(host_of(asked_address(url))):
        raise ValueError("is plain http, where anybody on the way can say yes: use https (http only for this machine)")
    return url


def _of_one_answer(seconds: float) -> float:
    if not 0 < seconds <= LONGEST_ANSWER_SECONDS:
        raise ValueError(
            f"must be more than 0 and at most {LONGEST_ANSWER_SECONDS:.0f}s: a worker waits for the answer"
        )
    return seconds


class GateSection(Section):
    """One of them as it is written."""

    name: DnsLabel
    url: Annotated[str, AfterValidator(_gates_address)]
    secret: SecretSource
    when: Literal["before", "after", "both"] = "before"
    timeout: Annotated[Duration, AfterValidator(_of_one_answer)] = 10.0
    patience: Duration = 3600.0

    def gate(self) -> Gate:
        """Make the gate."""
        return Gate(
            name=self.name,
            url=self.url,
            secret=self.secret.value,
            when=self.when,
            timeout=self.timeout,
            patience=self.patience,
        )


def unique(gates: list[GateSection]) -> list[GateSection]:
    """Accept gates of which no two have one name."""
    names = [each.name for each in gates]
    if len(set(names)) < len(names):
        raise ValueError("has two gates of one name")
    return gates


def asked(gates: Sequence[Gate], when: str) -> tuple[Gate, ...]:
    """Pick those that are asked `before` or `after`."""
    return tuple(gate for gate in gates if gate.is_asked(when))
