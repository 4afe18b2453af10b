"""What a promotion by pull request leads to: the act, and what is said of it once it is known how it went."""

from dataclasses import dataclass

from pushboat.model.ask import Ask
from pushboat.model.pin import PinRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPins:
    """Put a branch at what moves some pins, and open its pull request, or bring the one that is open up to date.

    `said` says what is moved, for the sentence of whoever asked.
    """

    ask: Ask
    request: PinRequest
    said: str
