"""How much each forge still lets us ask, by the headers of its answers; the last one counts.

Sources: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api and
https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers. Gitea says nothing.
"""

import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from pushboat.model.allowance import Allowance
from pushboat.pauses import by_our_clock

_NAMES = ("x-ratelimit-", "ratelimit-")
"""What the headers of each forge begin with, in the order in which they are looked for."""
_KINDS = ("resource", "name")
LONGEST_KIND, MOST_DIGITS = 40, 15
MOST = 64
"""Hosts and kinds that one process keeps, those heard last; a forge has about ten."""
_lock = threading.Lock()
_heard: dict[tuple[str, str], Allowance] = {}


def note(url: str, headers: Mapping[str, str]) -> None:
    """Read the headers of an answer, whose names may be written in any letters; where they say nothing, all stays."""
    for beginning in _NAMES:
        left, most, resets = (_number(headers.get(beginning + each, "")) for each in ("remaining", "limit", "reset"))
        if left is None or most is None or resets is None:
            continue
        kind = next((headers[beginning + each] for each in _KINDS if beginning + each in headers), "")[:LONGEST_KIND]
        host, resets_at = urlsplit(url).netloc.rpartition("@")[2], by_our_clock(resets, headers.get("date", ""))
        found = Allowance(host=host, kind=kind, left=left, most=most, resets_at=resets_at)
        with _lock:
            _heard.pop(found.key, None)
            _heard[found.key] = found
            if len(_heard) > MOST:
                del _heard[next(iter(_heard))]
        return


def heard() -> tuple[Allowance, ...]:
    """Give what was said last, for each host and kind of question."""
    with _lock:
        return tuple(_heard.values())


def _number(written: str) -> int | None:
    text = written.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
