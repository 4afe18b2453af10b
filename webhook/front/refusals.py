"""What the front answers by itself, because no thread ever sees the request."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer without a request: code, reason phrase, a sentence, and seconds after which to try again."""

    code: int
    phrase: str
    sentence: str
    retry_after: int = 0

    def as_bytes(self, *, problem: bool = False) -> bytes:
        """Write the whole answer, after which the connection is closed; below /api as a problem (RFC 9457)."""
        form: dict[str, object] = {"error": self.sentence}
        if problem:
            form |= {"type": "about:blank", "title": self.phrase, "status": self.code, "detail": self.sentence}
        body = json.dumps(form).encode() + b"\n"
        lines = [
            f"HTTP/1.1 {self.code} {self.phrase}",
            f"Content-Type: application/{'problem+' * problem}json",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            *([f"Retry-After: {self.retry_after}"] if self.retry_after else []),
            "Connection: close",
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


TOO_SLOW = Refusal(408, "Request Timeout", "the request came too slowly and was given up; nothing of it was stored")
HEAD_TOO_LARGE = Refusal(431, "Request Header Fields Too Large", "the headers are larger than any forge sends")
BODY_TOO_LARGE = Refusal(
    413, "Content Too Large", "the body is above what this address takes; nothing of it was stored"
)
NO_ROOM = Refusal(
    503,
    "Service Unavailable",
    "too many large bodies or unfinished requests at once; nothing of this one was stored, send it again",
    retry_after=30,
)
NO_PAGES = Refusal(
    503,
    "Service Unavailable",
    "the dashboard's process does not answer; deliveries are taken all the same. See `pushboat doctor`",
    retry_after=5,
)
