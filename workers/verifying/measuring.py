"""One number from Prometheus: the value of a query as it is now."""

import json
import math
from typing import Any
from urllib.parse import quote

from pushboat.errors import MetricsUnavailable
from workers.verifying.fetching import NoAnswer, fetch

LARGEST_ANSWER = 1 << 20
"""Bytes. One number takes a few hundred; a vector that is larger is not one number."""
_THEIR_FAULT = (408, 425, 429)


class NoNumber(Exception):
    """The query has no single value; `passing` says that there may be one in a moment."""

    def __init__(self, why: str, *, passing: bool = False) -> None:
        super().__init__(why)
        self.passing = passing


def measure(url: str, query: str, timeout: float, token: str = "") -> float:
    """Ask the Prometheus at an address for the value of a query.

    Raises:
        NoNumber: it gives none, or more than one.
        MetricsUnavailable: it does not answer, which says nothing about what is measured.
        VerificationRefused: its address leads to where nobody is asked.
    """
    address, _, more = url.partition("?")
    where = f"{address.rstrip('/')}/api/v1/query?{more + '&' if more else ''}query={quote(query, safe='')}"
    try:
        answer = fetch(where, timeout, LARGEST_ANSWER + 1, token)
    except NoAnswer as trouble:
        raise MetricsUnavailable(f"Prometheus at {address} does not answer: {trouble}") from trouble
    if answer.status >= 500 or answer.status in _THEIR_FAULT:
        raise MetricsUnavailable(f"Prometheus at {address} answers {answer.status}")
    if answer.status in (400, 422):
        raise NoNumber(f"Prometheus cannot work out the query ({answer.status})")
    if answer.status in (401, 403):
        raise NoNumber(
            f"{address} answers {answer.status}: its token stands beside it in `verify_hosts`, and must be good"
        )
    if answer.status != 200:
        raise NoNumber(f"{address} answers {answer.status}, which is not what Prometheus says")
    return _number(answer.body)


def _number(body: bytes) -> float:
    """Read the one value of an answer."""
    try:
        data = json.loads(body)["data"] if len(body) <= LARGEST_ANSWER else {}
        sort, result = data["resultType"], data["result"]
        samples = [result] if sort == "scalar" else [each["value"] for each in result] if sort == "vector" else None
        values = None if samples is None else [_value(sample) for sample in samples]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise NoNumber("what came back is not what Prometheus says") from None
    if values is None:
        raise NoNumber("the query gives no number: it must be a scalar or a vector of one")
    if not values:
        raise NoNumber("the query gives nothing", passing=True)
    if len(values) > 1:
        raise NoNumber(f"the query gives {len(values)} numbers and must give one: sum them up")
    if not math.isfinite(values[0]):
        raise NoNumber(
            f"the query gives {'no number (NaN)' if math.isnan(values[0]) else 'an infinite number'}", passing=True
        )
    return values[0]


def _value(sample: Any) -> float:
    _, written = sample
    return float(written)
