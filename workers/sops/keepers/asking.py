"""One question to a keeper: bounded in time and size, followed nowhere; and whose an answer is that opens nothing."""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pushboat.errors import VerificationRefused
from workers.verifying.fetching import Answer, NoAnswer, look, send

TIMEOUT = 10.0
"""Seconds for one answer; a keeper takes some milliseconds."""
LARGEST_ANSWER = 64 << 10
"""Bytes; a data key has 32, the answer around it less than a thousand."""
_LONGEST_REASON = 60
_REASON = re.compile(r"[A-Za-z][A-Za-z ,:'_-]*")


class Closed(Exception):
    """A keeper has not opened a data key; says why, in its own short word where it has one."""


class Away(Closed):
    """It does not answer, or not now: time may heal it."""


class Denied(Closed):
    """It does not open it for this login, or has no such key: its operator must act."""


class Unfit(Closed):
    """What it was given is not what it once encrypted: whoever encrypted the file must act."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Ask a keeper, and read its answer whole.

    Raises:
        Away: nothing came back that is an answer.
        Denied: its address is one where nobody is asked, or sends us elsewhere.
    """
    return _answered(partial(send, url, TIMEOUT, body, headers, LARGEST_ANSWER + 1))


def get(url: str, headers: Mapping[str, str]) -> Answer:
    """Ask a keeper for what changes nothing there.

    Raises:
        Away: nothing came back that is an answer.
        Denied: its address is one where nobody is asked, or sends us elsewhere.
    """
    return _answered(partial(look, url, TIMEOUT, headers, LARGEST_ANSWER + 1))


def _answered(ask: Callable[[], Answer]) -> Answer:
    try:
        answer = ask()
    except NoAnswer as none:
        raise Away(str(none)) from None
    except VerificationRefused:
        raise Denied("its name leads to an address that nobody is asked at") from None
    if len(answer.body) > LARGEST_ANSWER:
        raise Away(f"an answer of more than {LARGEST_ANSWER >> 10} KiB")
    if 300 <= answer.status < 400:
        raise Denied("it sends us elsewhere, where we do not go")
    if answer.status == 429 or answer.status >= 500:
        raise Away(f"it answers {answer.status}")
    return answer


def opening(url: str, login: str, question: Mapping[str, str], *, told: str, unfit: str) -> Mapping[str, Any]:
    """Ask one that knows us by a bearer's token to open what it has encrypted.

    `told` names the field in which its errors have their short word, and `unfit` is that word where what it was given
    is not its own (Google and Microsoft write their errors alike: https://google.aip.dev/193).

    Raises:
        Closed: it has not opened it.
    """
    headers = {"Authorization": f"Bearer {login}", "Content-Type": "application/json"}
    answer = post(url, json.dumps(question).encode(), headers)
    found = read(answer)
    if answer.status != 200:
        error = found.get("error")
        said = word(error.get(told)) if isinstance(error, Mapping) else ""
        raise (Unfit if answer.status == 400 and said == unfit else Denied)(reason(said, answer.status))
    return found


def read(answer: Answer) -> Mapping[str, Any]:
    """Read an answer's JSON; empty where it is none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def reason(said: object, status: int) -> str:
    """Repeat a keeper's own short word where it is one, else its code: never a text that could hold a login."""
    if isinstance(said, str) and len(said) <= _LONGEST_REASON and _REASON.fullmatch(said):
        return said
    return str(status)


def word(said: object) -> str:
    """Take a word of a file for a name; empty where it is none."""
    return said if isinstance(said, str) else ""
