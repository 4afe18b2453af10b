"""What a receiver's answer means: whether time heals it, or somebody must act."""

from pushboat.errors import NotConfigured, Unavailable
from pushboat.pauses import bounded_pause, read_pause

LIMITED_PAUSE = 60.0
"""Seconds to stay quiet where we are limited without a word for how long."""
_HEALS = (408, 409, 425)
_NEVER = (400, 413, 415, 422)
_ADVICE = {
    401: "the operator must give it a valid address or token",
    403: "the operator must give it a valid address or token",
    404: "the operator must give it an address that there is",
    410: "it is gone for good: the operator must take it out of 'notifications'",
}


class ReceiverUnavailable(Unavailable):
    """A receiver of notices is down, slow, or asks us to wait."""


class ReceiverRefused(NotConfigured):
    """A receiver says no; `final` where it will say so for ever, whatever our operator does."""

    def __init__(self, summary: str, *, final: bool = False) -> None:
        super().__init__(summary)
        self.final = final


def refused(name: str, status: int, retry_after: str = "") -> ReceiverUnavailable | ReceiverRefused:
    """Turn an answer that is not 2xx into the error that says who must do what."""
    if status == 429:
        asked = read_pause(retry_after)
        pause = LIMITED_PAUSE if asked is None else bounded_pause(asked)
        return ReceiverUnavailable(f"{name} limits what it is told", retry_after=pause)
    if status >= 500 or status in _HEALS:
        return ReceiverUnavailable(f"{name} answered {status}", retry_after=read_pause(retry_after))
    if status in _NEVER:
        return ReceiverRefused(f"{name} answered {status}: it does not take this, now or later", final=True)
    if 300 <= status < 400:
        advice = "it sends us elsewhere, and nobody is followed: the operator must give it its own address"
        return ReceiverRefused(f"{name} answered {status}: {advice}")
    return ReceiverRefused(f"{name} answered {status}: {_ADVICE.get(status, 'the operator must look at it')}")
