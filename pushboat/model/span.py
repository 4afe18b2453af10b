"""A span: one piece of work of a trace, with its times. All ids are digests of what the store knows.

So a trace goes through all processes without being handed on, who looks at the same rows twice finds the same spans,
and nobody outside chooses an id of ours.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

_CALLER = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")
"""A traceparent header: https://www.w3.org/TR/trace-context/#traceparent-header"""


class Part(StrEnum):
    """Who works for whom: where something comes in, inside, and where it goes out."""

    SERVER = "server"
    INTERNAL = "internal"
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One span. `trace` has 32 hexadecimal digits, `id`, and `parent` where there is one, 16.

    `begins` and `ends` are seconds since the epoch by the store's clock. `failed` is why it failed, in a sentence that
    people have read already; None: it did not. `caller` is the trace and span that the sender of a delivery named.
    """

    trace: str
    id: str
    name: str
    begins: float
    ends: float
    parent: str = ""
    part: Part = Part.INTERNAL
    failed: str | None = None
    caller: tuple[str, str] | None = None
    attributes: Mapping[str, str | int | float | bool] = field(default_factory=dict)


def trace_of(installation: str, forge: str, delivery: str) -> str:
    """Give the trace of a delivery, by the name that its forge gave it."""
    return _digest(32, "trace", installation, forge, delivery)


def trace_without_delivery(installation: str, deployment: int) -> str:
    """Give the trace of a deployment that no delivery asked for."""
    return _digest(32, "trace of a deployment", installation, str(deployment))


def span_of(trace: str, what: str, *names: str | int) -> str:
    """Give the id of a trace's span about one thing."""
    return _digest(16, "span", trace, what, *map(str, names))


def caller_of(traceparent: str) -> tuple[str, str] | None:
    """Read who the sender of a request says to work for; None where it is not written as the standard has it."""
    found = _CALLER.fullmatch(traceparent.strip())
    if found is None or (found[3] and traceparent.strip().startswith("00")):
        return None
    return found[1], found[2]


def _digest(digits: int, *words: str) -> str:
    found = hashlib.sha256("\0".join(words).encode()).hexdigest()[:digits]
    return found if int(found, 16) else f"{1:0{digits}x}"  # zero is no id
