"""What GitHub says where it does not do what it was asked: its own words for a limit, and when that ends."""

from collections.abc import Mapping

from github import GithubException

from pushboat.forges.answers import Answer, read_reset
from pushboat.pauses import read_pause

_LIMITS = ("rate limit", "abuse detection", "login attempts exceeded")
"""The second is how GitHub Enterprise Server said it. The third comes after some requests with an unknown token, for a
valid one as well: https://docs.github.com/rest/authentication/authenticating-to-the-rest-api (failed login limit)."""
_TOO_QUICKLY = "submitted too quickly"
"""How a limit of what is written is said as if it were about the text: https://github.com/cli/cli/issues/4801."""


def read(error: GithubException) -> Answer:
    """Read an answer that is not 2xx."""
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    data = error.data
    message = str(data.get("message", "")) if isinstance(data, dict) else ""
    details = data.get("errors") if isinstance(data, dict) else None
    if details and isinstance(details, list):
        message = f"{message}: {'; '.join(_detail(detail) for detail in details)}"
    return Answer(
        code=error.status,
        message=message[:300],
        limited=_is_limit(error.status, message.lower(), headers),
        retry_after=_retry_after(headers),
    )


def _detail(detail: object) -> str:
    return str(detail.get("message") or detail.get("code") or "") if isinstance(detail, dict) else str(detail)


def _is_limit(code: int, message: str, headers: Mapping[str, str]) -> bool:
    if code == 422:
        return _TOO_QUICKLY in message
    if code not in (403, 429):
        return False
    said = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    return said or any(words in message for words in _LIMITS)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    date = headers.get("date", "")
    pause = read_pause(headers.get("retry-after", ""), date)
    if pause is None and headers.get("x-ratelimit-remaining") == "0":
        return read_reset(headers.get("x-ratelimit-reset", ""), date)
    return pause
