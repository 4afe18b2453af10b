"""A forge's refusal in our words, the same for every forge: who must act, and whether trying again can help."""

import re
from dataclasses import dataclass

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.pauses import bounded_pause, clock

RATE_LIMIT_PAUSE = 60.0
"""Seconds to stay quiet where a forge limits us without saying for how long; GitHub asks for at least a minute."""
SHORTEST_PAUSE = 1.0
"""Seconds, also where the moment that a forge names has passed: each letter that waits would ask it once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that is not 2xx. `limited` says that it is about how much we ask, not about what."""

    code: int
    message: str = ""
    limited: bool = False
    retry_after: float | None = None


class Limited(ForgeUnavailable):
    """All that this credential asks is to wait: a limit, or an outage whose end the forge names."""


class Quieted(Limited):
    """Nothing was asked at all, since the credential is to be quiet."""


class Unauthorized(ForgeRefused):
    """401, told apart because a short-lived token may only need renewal."""


class Forbidden(ForgeRefused):
    """403, told apart because the operator may still grant the permission."""


class Missing(ForgeRefused):
    """404, told apart because for some questions it is an answer."""


class Unacceptable(ForgeRefused):
    """422, told apart because less of the same may be accepted."""


class Unseen(ForgeRefused):
    """About a commit that the forge does not have, or not yet: what is pushed to a fork comes later."""


class UnseenByMissing(Unseen, Missing):
    """404 of that kind."""


class UnseenByUnacceptable(Unseen, Unacceptable):
    """422 of that kind."""


class NoRoom(Unacceptable):
    """422 of GitHub, told apart because that commit has room for no more statuses under that context, for ever."""


def read_reset(header: str, date: str) -> float | None:
    """Read the moment at which a limit ends, in seconds since the epoch, as a pause from the answer's Date on."""
    text = header.strip()
    return max(SHORTEST_PAUSE, float(text) - clock(date) + 1.0) if text.isascii() and text.isdigit() else None


def unreachable(forge: str, doing: str, trouble: Exception) -> ForgeUnavailable:
    """Say that no answer came; the exception's name is enough, its text may carry URLs."""
    return ForgeUnavailable(f"{forge} does not answer ({type(trouble).__name__}); tried to {doing}")


def translate(forge: str, doing: str, answer: Answer) -> ForgeUnavailable | ForgeRefused:
    """Turn an answer into the error that says who must do what."""
    said = f" ({answer.message})" if answer.message else ""
    if answer.limited or answer.code == 429:
        asked = RATE_LIMIT_PAUSE if answer.retry_after is None else answer.retry_after
        pause = max(SHORTEST_PAUSE, bounded_pause(asked))
        return Limited(f"{forge} limits our requests for {pause:.0f} s; tried to {doing}", retry_after=pause)
    if answer.code >= 500 or answer.code in (408, 409, 425):
        # 503 with a time is an outage of all of it; 409 with one is about this commit alone.
        away = Limited if answer.code == 503 and answer.retry_after else ForgeUnavailable
        return away(f"{forge} answered {answer.code} when we tried to {doing}{said}", retry_after=answer.retry_after)
    refusal = {401: Unauthorized, 403: Forbidden, 404: Missing, 422: Unacceptable}.get(answer.code, ForgeRefused)
    advice = _ADVICE.get(answer.code, "the operator must look at this")
    words = answer.message.lower()
    if answer.code == 422 and _NO_ROOM in words:
        refusal = NoRoom
    elif answer.code in (404, 422) and any(each in words for each in _NO_COMMIT):
        refusal = UnseenByMissing if answer.code == 404 else UnseenByUnacceptable
        advice = "it has no such commit, or not yet"
    elif answer.code == 403:
        advice = next((mended for word, mended in _SHUT.items() if word in _WORD.findall(words)), advice)
    return refusal(f"{forge} answered {answer.code} when we tried to {doing}{said}: {advice}")


_NO_ROOM = "maximum number of statuses"
"""How GitHub says it: https://docs.github.com/rest/commits/statuses#create-a-commit-status."""
_NO_COMMIT = ("no commit found", "no ref found", "commit not found")
"""How GitHub says it of a status, and of a deployment, and GitLab."""
_ARCHIVED = "the repository is archived: its owner must unarchive it, or the operator take it from projects"
_SHUT = {"archived": _ARCHIVED, "locked": "whoever looks after the conversation must unlock it"}
"""What is refused to everybody, by a word of the answer: no permission helps. "Blocked" is another matter."""
_WORD = re.compile(r"[a-z]+")
_ADVICE = {
    401: "the operator must give it a token that is valid",
    403: "the operator must give our token that permission; `pushboat doctor` lists what is needed",
    404: "it is gone, or the operator must let our token see the repository",
    410: "it is gone",
    423: _ARCHIVED,  # as Gitea says it
    422: "it does not accept this as it is",
}
